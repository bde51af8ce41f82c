// All self-ratings of a framework: one group of questions for each moment.
import { line, make } from "./dom.js";
import { questionCard } from "./question.js";
import { isBlank } from "./response.js";
import { shareWire } from "./wire.js";

export function ratingsCard(model, root) {
  root.replaceChildren(...model.get("groups").map((group) => moment(model, group)));
}

// The questions of a moment are made when it is first opened: most people need one of them.
function moment(model, group) {
  const total = group.questions.length;
  const count = make("span", { class: "al-hint" });
  const body = make("div", {});
  const questions = group.questions.map((facts) => ({ facts, place: make("div", {}) }));
  const tally = () => {
    const rated = questions.filter(({ facts, place }) => place.querySelector("input:checked")
      || (!place.firstChild && !isBlank(facts.response))).length;
    count.textContent = ` ${rated} of ${total} rated`;
  };
  const fill = () => {
    if (!node.open || body.firstChild) return;
    body.append(line(group.note), ...questions.map(({ place }) => place));
    for (const { facts, place } of questions) questionCard(shareWire(model, facts), place);
    tally();
  };
  const node = make("details", { class: "al-moment", open: group.open, ontoggle: fill, onchange: tally },
    make("summary", {}, make("h2", { text: group.title }), count), body);
  new MutationObserver(tally).observe(body, { subtree: true, childList: true });
  fill();
  tally();
  return node;
}
