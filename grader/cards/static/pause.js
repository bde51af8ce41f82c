// "Pause, this is a lot": the page is put away, and three calm things are offered.
import { breathing } from "./breath.js";
import { openDialog } from "./dialog.js";
import { button, line, make, quiet, row } from "./dom.js";
import { helpCard } from "./help.js";
import { keepSettings, settings } from "./settings.js";

const ASKED = "#pause"; // in the address, by a page that may run nothing
const CALM = "A pause · Alongside";
const MARK = "alongside-pausing"; // a phone may drop a page that waits, and load it anew

// Of a tab that keeps nothing, a page that is loaded anew has not paused.
function pausing(change) {
  try {
    change?.(sessionStorage);
    return sessionStorage.getItem(MARK) !== null;
  } catch {
    return false;
  }
}

// The step that is shown, all of them, or nothing on a page without steps.
function part() {
  const shown = [...document.querySelectorAll(".al-step")].filter((step) => step.checkVisibility?.() ?? true);
  return shown.length === 1 ? shown[0].id : location.hash === "#all" ? "all" : "";
}

const placeOf = (name) => {
  const step = /^step-(\d+)$/.exec(name);
  const title = document.querySelector("h1")?.textContent.trim() ?? "";
  return step ? `step ${step[1]} of “${title}”` : `“${title}”`;
};

export function openPause() {
  const root = document.documentElement;
  const { title } = document;
  const here = part();
  const place = placeOf(here);
  let end = () => {};
  pausing((store) => store.setItem(MARK, ""));
  root.classList.add("al-paused");
  document.title = CALM;

  openDialog("pause", "Take the time you need", ({ body, close }) => {
    const show = (...nodes) => {
      end();
      end = () => {};
      body.replaceChildren(...nodes.filter(Boolean));
    };
    const goOn = (...before) => row(...before, button("Go on with the course", close));
    function choose(focus) {
      const ways = { "Breathe slowly": breathe, "Look at the help card": help, "Come back later": later };
      const buttons = Object.entries(ways).map(([words, way]) => button(words, way, "al-quiet al-calm"));
      show(line("The page is put away. Nothing that you typed is lost."), ...buttons, goOn());
      if (focus) buttons[0].focus();
    }
    function turnTo(...nodes) {
      const first = make("div", { tabindex: "-1", class: "al-calm-view" }, ...nodes);
      show(first, goOn(quiet("Back", () => choose(true))));
      first.focus();
    }
    function breathe() {
      const breath = breathing();
      turnTo(...breath.nodes);
      end = breath.end;
    }
    const help = () => turnTo(...[...helpCard().querySelector("div").childNodes].map((node) => node.cloneNode(true)));
    async function later() {
      const words = make("p", { role: "status", text: "Your place is being kept …" });
      turnTo(words);
      const { page } = document.body.dataset;
      const isKept = page && await keepSettings({ paused: page, part: here });
      words.textContent = isKept
        ? `Your place is kept: ${place}. You can close this page now. The course map leads you back here.`
        : "You can close this page now. The course map shows how far you have come.";
    }
    choose();
  }, () => {
    end();
    pausing((store) => store.removeItem(MARK));
    root.classList.remove("al-paused");
    document.title = title;
    if (location.hash === ASKED) history.replaceState(null, "", location.href.split("#")[0]);
    arrive();
  });
}

// Whoever is where they paused has gone on.
function arrive() {
  if (settings().paused && settings().paused === document.body.dataset.page) keepSettings({ paused: "", part: "" });
}

// For each page that has come; a pause outlives being loaded anew.
export function followPause() {
  if (document.querySelector("dialog.al-pause")) return;
  document.documentElement.classList.remove("al-paused"); // the browser's back button leaves a dialog behind
  if (pausing() || location.hash === ASKED) openPause();
  else arrive();
}
