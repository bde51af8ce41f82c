// The map of a talk that has ended: the way that was taken, and what else could have been said.
import { inner, line, make, newId, quiet } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// ``toLine`` goes to one's own line of a turn in the transcript, which has the same number.
export function wayMap(way, peer, toLine) {
  if (!way) return [];
  const title = way.forks ? "Ways through this talk" : "Your way through this talk";
  return [make("details", { class: "al-way" },
    make("summary", { text: title }),
    line(way.forks ? "The thick line is your way. The thin lines are ways that you did not take. Open a turn to see them." : "These are the turns that you took."),
    make("div", { class: "al-way-both" }, drawing(way), turnList(way, peer, toLine)))];
}

// The list beside it says the same, and more.
const drawing = ({ width, height, lines, dots }) =>
  shape("svg", { class: "al-way-map", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    ...lines.map(({ path, mine }) => shape("path", { d: path, class: mine ? "al-taken" : "al-not-taken" })),
    ...dots.map(dot));

function dot({ x, y, number, mine, ending }) {
  const mark = ending
    ? shape("rect", { x: x - 10, y: y - 10, width: 20, height: 20, rx: 4 })
    : shape("circle", { cx: x, cy: y, r: mine ? 11 : 7 });
  const words = shape("text", { x, y: y + 4 }, number);
  return shape("g", { class: mine ? "al-dot al-dot-mine" : "al-dot" }, mark, words);
}

function turnList({ turns, forks, ending }, peer, toLine) {
  const name = newId(); // one fork is open at a time
  return make("ol", { class: "al-way-turns" },
    ...turns.map((turn) => make("li", {}, forks && turn.others.length ? fork(turn, peer, name) : own(turn),
      quiet("See it in the talk", () => toLine(turn.at)))),
    ending ? make("li", { class: "al-way-end" }, line(`${peer}: ${ending}`)) : null);
}

const own = ({ said }) => make("p", { dir: "auto", text: `You: ${said}` });

const fork = ({ says, said, others }, peer, name) =>
  make("details", { name },
    make("summary", { dir: "auto", text: `You: ${said}` }),
    make("p", { class: "al-hint", text: `${peer} had said: ${says}` }),
    make("p", { class: "al-label", text: "You could also have said:" }),
    make("ul", { class: "al-others" }, ...others.map((other) => make("li", {},
      line(`“${inner(other.said)}”`),
      other.answer ? make("p", { class: "al-hint", text: `${peer}: ${other.answer}` }) : null))));
