// What stands at the top of every page: buttons that open something, and the help card.
//
// The list of what stands there is in grader/html/header.py; a button's ``opens`` is a name here.
import { followReading, stopReading } from "./aloud.js";
import { followHelp } from "./help.js";
import { openMenu } from "./menu.js";
import { openPause } from "./pause.js";
import { followSettings } from "./settings.js";

const OPENS = {
  pause: () => {
    stopReading();
    openPause();
  },
  menu: openMenu,
};

// Called once, with the way to the host: other pages may take the place of this one.
export function followTop(carry) {
  followSettings(carry);
  followHelp();
  followReading();
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-opens]");
    if (pressed) OPENS[pressed.dataset.opens]?.(pressed);
  });
}
