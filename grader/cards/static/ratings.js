// All self-ratings of a framework: for each moment one group, which asks one question at a time.
import { line, make } from "./dom.js";
import { oneAtATime } from "./one_at_a_time.js";
import { questionCard } from "./question.js";
import { isBlank } from "./response.js";
import { shareWire } from "./wire.js";

export function ratingsCard(model, root) {
  root.replaceChildren(...model.get("groups").map((group) => moment(model, group)));
}

// A question is made when it is first shown: most people need those of one moment.
function moment(model, { title, note, open, questions }) {
  const count = make("span", { class: "al-hint" });
  const body = make("div", {});
  const turns = oneAtATime(questions.length, (at, place) => questionCard(shareWire(model, questions[at]), place));
  const tally = () => {
    const rated = questions.filter(({ response }, at) => turns.places[at].querySelector("input:checked")
      || (!turns.places[at].firstChild && !isBlank(response))).length;
    count.textContent = ` ${rated} of ${questions.length} rated`;
  };
  const fill = () => {
    if (!node.open || body.firstChild) return;
    body.append(line(note), ...turns.nodes);
    turns.to(Math.max(0, questions.findIndex(({ response }) => isBlank(response))));
    tally();
  };
  const node = make("details", { class: "al-moment", open, ontoggle: fill, onchange: tally },
    make("summary", {}, make("h2", { text: title }), count), body);
  new MutationObserver(tally).observe(body, { subtree: true, childList: true });
  fill();
  tally();
  return node;
}
