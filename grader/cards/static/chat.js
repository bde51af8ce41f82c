// What a talk looks like: the phases, how the peer is, and lines in bubbles.
import { heard, line, make } from "./dom.js";

const PHASES = ["Getting to know each other", "Goals and expectations", "Going deeper", "Closing"];
const STATES = { trust: "Trust", feels_heard: "Heard", pressure: "Pressure", own_ideas: "Own ideas" };
const AMOUNTS = ["none", "a little", "some", "a lot", "very much"];

export const phaseItems = (now) => PHASES.map((name, index) =>
  make("li", { "aria-current": index + 1 === now ? "step" : null, class: index < now ? "al-reached" : "" },
    heard(`Phase ${index + 1}: `), make("span", { text: name })));

const trend = (change) => (change > 0 ? "rising" : change < 0 ? "falling" : "");

// How much there is of something, from 0 to 10, and where it goes.
export function amount(value, change) {
  const words = AMOUNTS[Math.ceil(value / 3)];
  return change ? `${words}, ${trend(change)}` : words;
}

export const meters = (state, changes) => Object.entries(STATES).map(([name, label]) =>
  make("li", { class: changes[name] ? `al-${trend(changes[name])}` : "" },
    make("span", { class: "al-meter-name", text: label }), " ",
    make("span", { class: "al-meter-words", text: amount(state[name], changes[name]) }),
    make("span", { class: "al-bar", "aria-hidden": "true" }, make("span", { style: `width: ${10 * state[name]}%` }))));

// What is new since one's own last words, to be heard once: the lines, and what they changed.
export function newsOf({ lines, changes }) {
  const last = lines.findLastIndex(({ who }) => who === "you");
  const said = lines.slice(last + 1).map(({ name, text }) => (name ? `${name} says: ${text}` : text));
  const moved = Object.entries(STATES).filter(([name]) => changes[name])
    .map(([name, label]) => `${label} is ${trend(changes[name])}.`);
  return [...said, ...moved].join(" ");
}

// Lines that follow each other from one speaker are one block, heard in one go.
export function blocks(lines) {
  const found = [];
  for (const said of lines) {
    const last = found.at(-1);
    if (last && last.who === said.who && last.name === said.name) last.lines.push(said);
    else found.push({ who: said.who, name: said.name, lines: [said] });
  }
  return found;
}

export const bubble = ({ who, name, lines }) =>
  make("div", { class: `al-line al-from-${who}`, dir: "auto" },
    name ? heard(`${name}: `) : null, // the side shows it to the eye
    ...lines.flatMap(({ text, acts }) => [
      line(text),
      acts?.length ? make("p", { class: "al-acts" }, heard("What this does: "), acts.join(", ")) : null,
    ]));

// The lines said so far, in a space of their own: what is new is in sight, from its beginning.
export function chatLog(peer) {
  const node = make("div", { class: "al-log", role: "log", "aria-live": "off", tabindex: "0", "aria-label": `Your talk with ${peer}` });
  function settle() {
    const all = [...node.children];
    const first = all[all.findLastIndex((each) => each.classList.contains("al-from-you"))] ?? all[0];
    if (!first) return;
    const start = first.offsetTop - 8;
    const answer = first.nextElementSibling?.offsetTop ?? start;
    // A long answer is read from its beginning; else one's own words stand above it.
    node.scrollTop = node.scrollHeight - answer > node.clientHeight ? answer - 8 : node.scrollHeight;
  }
  // A step that is not shown has no height yet; and what can be said next takes more room or less.
  new ResizeObserver(settle).observe(node);
  const own = (at) => node.querySelectorAll(".al-from-you > p:not(.al-acts)")[at];
  return {
    node,
    draw: (lines) => {
      node.replaceChildren(...blocks(lines).map(bubble));
      settle();
    },
    // Each turn of the map of a talk has its number at one's own line.
    number: ({ turns }) => {
      for (const each of node.querySelectorAll(".al-turn-number")) each.remove();
      for (const [index, { at }] of turns.entries())
        own(at)?.prepend(make("span", { class: "al-turn-number", text: `Turn ${index + 1}` }));
    },
    goTo: (at) => {
      const line = own(at);
      node.focus({ preventScroll: true });
      node.scrollTop = line.parentNode.offsetTop - 8;
      node.scrollIntoView({ block: "nearest" });
    },
  };
}
