// A conversation: the lines so far, how the peer is, and the turn to take.
//
// The host walks the conversation; this file shows where it stands and sends steps.
import { button, heard, line, make, quiet, row } from "./dom.js";
import { headline } from "./feedback.js";
import { lookBack } from "./look_back.js";
import { tickGroup } from "./ticks.js";
import { textBox } from "./typed.js";

const PHASES = ["Getting to know each other", "Goals and expectations", "Going deeper", "Closing"];
const STATES = { trust: "Trust", feels_heard: "Feels heard", pressure: "Feels pressure", own_ideas: "Own ideas" };
const AMOUNTS = ["none", "a little", "some", "a lot", "very much"];

export function talk(view, id, changed, jots) {
  const trail = make("ol", { class: "al-trail", "aria-label": "The four phases of a talk" });
  const meters = make("ul", { class: "al-meters", "aria-label": `How ${view.peer} is now` });
  const log = make("div", { class: "al-log", role: "log", "aria-live": "off", "aria-label": `Your talk with ${view.peer}` });
  const turn = make("div", { class: "al-turn" });
  const hint = make("p", { class: "al-hint", role: "status" });
  let walk = null;
  let steps = []; // what the host has walked
  let asked = null; // what it was asked to walk, until its receipt is here
  let spoken = () => null; // the step that the open turn would add
  let waiting = null; // what the host keeps of an earlier run: typed and not said

  function send(list) {
    if (asked !== null) return; // a second click, while the first is on its way
    asked = list;
    changed(0);
  }

  function say() {
    const step = spoken();
    if (step) return send([...steps, step]);
    hint.textContent = walk.turn.asks === "choice" ? "Choose what you say first." : "Type what you say first.";
    turn.querySelector("input, textarea").focus();
  }

  // The second click of a double click would go back twice.
  const goBack = (event) => { if (event.detail < 2) send(steps.slice(0, -1)); };

  function startAgain() {
    const again = turn.querySelector(".al-row");
    const sure = make("p", { class: "al-row al-sure" },
      make("span", { text: `Clear your talk with ${view.peer} and start again?` }),
      quiet("Yes, start again", () => send([])),
      quiet("No, keep it", () => { sure.replaceWith(again); again.lastChild.focus(); }));
    again.replaceWith(sure);
    sure.querySelector("button").focus();
  }

  function draw() {
    trail.replaceChildren(...PHASES.map((name, index) => phaseItem(name, index + 1, walk.phase)));
    meters.replaceChildren(...Object.entries(STATES).map(([state, label]) => meter(label, walk.state[state], walk.changes[state])));
    log.replaceChildren(...blocks(walk.lines).map(lineBlock));
    hint.textContent = "";
    turn.replaceChildren(...turnNodes(), hint);
  }

  function turnNodes() {
    const back = steps.length ? [quiet("Go back one turn", goBack), quiet("Start again", startAgain)] : [];
    const stopped = walk.stopped ? [make("p", { class: "al-notice", text: walk.stopped })] : [];
    if (!walk.turn) return [...stopped, make("p", { class: "al-hint", text: "This talk has come to its end." }), row(...back)];
    return [...stopped, walk.turn.asks === "choice" ? options() : box(), row(button("Say this", say), ...back)];
  }

  const asks = () => walk.turn.question || "What do you say?";

  function options() {
    const group = tickGroup({ view: { question: asks() }, id, options: walk.turn.options,
      changed: () => { hint.textContent = ""; } });
    spoken = () => group.read() && { turn: walk.turn.id, pick: group.read() };
    return group.node;
  }

  // What is typed but not said is kept beside the answer, in case the page has to be loaded again.
  function box() {
    const here = walk.turn.id;
    const jot = () => jots.keep({ turn: here, text: typed.box.value });
    const typed = textBox({ id, label: asks(), rows: 3, typed: jot, left: jots.flush });
    const kept = jots.take() ?? waiting;
    if (kept?.turn === here) typed.box.value = kept.text;
    spoken = () => (typed.box.value.trim() ? { turn: here, text: typed.box.value } : null);
    return make("div", {}, ...typed.nodes);
  }

  function receive(receipt) {
    const mine = asked !== null;
    if (mine && asked.length > steps.length) jots.drop();
    waiting = receipt.jotted ?? (mine ? null : waiting);
    steps = asked ?? steps;
    asked = null;
    walk = receipt.walk;
    // Steps that no longer fit are not walked, and not sent again.
    steps = steps.slice(0, walk.lines.filter(({ who }) => who === "you").length);
    draw();
    if (mine) firstNew().focus();
  }

  // What came after one's own last words: as a rule the peer's answer.
  function firstNew() {
    const shown = [...log.children];
    return shown[shown.findLastIndex((block) => block.classList.contains("al-from-you")) + 1];
  }

  return {
    node: make("div", { class: "al-answers" }, make("p", { class: "al-ask", text: view.question }), trail, log, meters, turn),
    read: () => asked ?? steps,
    write: (response) => {
      steps = response ?? [];
      return true; // the walk says itself where a step no longer fits
    },
    receive,
    failed: () => { asked = null; },
    done: () => Boolean(walk?.ending),
    tell: (result) => (walk?.ending ? [...headline(result), ...lookBack(result, view.peer)] : []),
    explain: (result) => log.classList.toggle("al-marked", Boolean(result && walk?.ending)),
    button: "Look back at this talk",
    empty: "Start the talk first.",
  };
}

function phaseItem(name, number, now) {
  return make("li", { "aria-current": number === now ? "step" : null, class: number <= now ? "al-reached" : "" },
    heard(`Phase ${number}: `), make("span", { text: name }));
}

// How much there is of something, from 0 to 10, and where it goes.
export function amount(value, change) {
  const trend = change > 0 ? ", rising" : change < 0 ? ", falling" : "";
  return AMOUNTS[Math.ceil(value / 3)] + trend;
}

function meter(label, value, change) {
  return make("li", {},
    make("span", { class: "al-meter-name", text: label }), " ",
    make("span", { class: "al-meter-words", text: amount(value, change) }),
    make("span", { class: "al-bar", "aria-hidden": "true" }, make("span", { style: `width: ${10 * value}%` })));
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

function lineBlock({ who, name, lines }) {
  return make("div", { class: `al-line al-from-${who}`, tabindex: who === "you" ? null : "-1" },
    name ? make("p", { class: "al-name", text: name }) : null,
    ...lines.flatMap(({ text, acts }) => [
      line(text),
      acts?.length ? make("p", { class: "al-acts" }, heard("What this does: "), acts.join(", ")) : null,
    ]));
}
