// All self-ratings of a framework: for each moment one group, which asks one question at a time.
import { button, line, make, quiet } from "./dom.js";
import { questionCard } from "./question.js";
import { isBlank } from "./response.js";
import { shareWire } from "./wire.js";

export function ratingsCard(model, root) {
  root.replaceChildren(...model.get("groups").map((group) => moment(model, group)));
}

// A question is made when it is first shown: most people need those of one moment.
function moment(model, group) {
  const total = group.questions.length;
  const count = make("span", { class: "al-hint" });
  const body = make("div", {});
  const questions = group.questions.map((facts, at) => ({
    facts,
    place: make("div", { class: "al-one", role: "group", tabindex: "-1", hidden: true, "aria-label": `Question ${at + 1} of ${total}` }),
  }));
  const tally = () => {
    const rated = questions.filter(({ facts, place }) => place.querySelector("input:checked")
      || (!place.firstChild && !isBlank(facts.response))).length;
    count.textContent = ` ${rated} of ${total} rated`;
  };
  const turn = oneAtATime(model, questions);
  const fill = () => {
    if (!node.open || body.firstChild) return;
    body.append(line(group.note), ...questions.map(({ place }) => place), turn.node);
    turn.to(Math.max(0, questions.findIndex(({ facts }) => isBlank(facts.response))));
    tally();
  };
  const node = make("details", { class: "al-moment", open: group.open, ontoggle: fill, onchange: tally },
    make("summary", {}, make("h2", { text: group.title }), count), body);
  new MutationObserver(tally).observe(body, { subtree: true, childList: true });
  fill();
  tally();
  return node;
}

// Those that were shown stay on the page: an answer may still be on its way.
function oneAtATime(model, questions) {
  let now = 0;
  const where = make("span", {});
  const back = quiet("Back", () => turn(now - 1));
  const next = button("Next", () => turn(now + 1));
  const turn = (at) => {
    to(at);
    questions[at].place.focus();
  };
  const to = (at) => {
    now = at;
    const { facts, place } = questions[at];
    if (!place.firstChild) questionCard(shareWire(model, facts), place);
    for (const each of questions) each.place.hidden = each.place !== place;
    where.textContent = `${at + 1} of ${questions.length}`;
    back.hidden = at === 0;
    next.hidden = at === questions.length - 1;
  };
  return { to, node: make("div", { class: "al-turn" }, back, where, next) };
}
