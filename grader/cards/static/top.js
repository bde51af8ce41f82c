// What the buttons at the top of every page open: each is made when it is first asked for.
//
// The list of what stands there is in grader/html/header.py; a button's ``opens`` is a name here.
const OPENS = {};

// Called once: other pages may take the place of this one, with a top of their own.
export function followTop() {
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-opens]");
    if (pressed) OPENS[pressed.dataset.opens]?.(pressed);
  });
}
