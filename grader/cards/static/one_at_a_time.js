// Several questions of one card, one at a time, with the way back.
import { button, make, quiet } from "./dom.js";

// A place for each question, hidden until it is its turn. ``fill`` draws one when it is first
// shown; those that were shown stay on the page, as an answer may still be on its way.
export function oneAtATime(count, fill) {
  let now = 0;
  const places = Array.from({ length: count }, (_, at) =>
    make("div", { class: "al-one", role: "group", tabindex: "-1", hidden: true, "aria-label": `Question ${at + 1} of ${count}` }));
  const where = make("span", {});
  const back = quiet("Back", () => turn(now - 1));
  const next = button("Next", () => turn(now + 1));
  const turn = (at) => {
    to(at);
    places[at].focus();
  };
  const to = (at) => {
    now = at;
    if (!places[at].firstChild) fill(at, places[at]);
    for (const [other, place] of places.entries()) place.hidden = other !== at;
    where.textContent = `${at + 1} of ${count}`;
    back.hidden = at === 0;
    next.hidden = at === count - 1;
  };
  return { places, to, nodes: [...places, make("div", { class: "al-between" }, back, where, next)] };
}
