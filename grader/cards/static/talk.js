// A conversation as a chat: what was said, how the peer is, and below it what can be said now.
//
// The host walks the conversation; this file shows where it stands and sends steps.
import { chatLog, meters, newsOf, phaseItems } from "./chat.js";
import { button, make, quiet } from "./dom.js";
import { headline } from "./feedback.js";
import { lookBack } from "./look_back.js";
import { portrait } from "./portrait.js";
import { textBox } from "./typed.js";
import { wayMap } from "./way.js";

export function talk(view, id, changed, jots) {
  const { peer } = view;
  const trail = make("ol", { class: "al-trail", "aria-label": "The four phases of a talk" });
  const bars = make("ul", { class: "al-meters", "aria-label": `How ${peer} is now` });
  const log = chatLog(peer);
  const turn = make("div", { class: "al-turn" });
  const hint = make("p", { class: "al-hint", role: "status" });
  const news = make("p", { class: "al-heard", role: "status" });
  const undo = make("span", { class: "al-undo" });
  const tools = make("div", { class: "al-tools" }, undo);
  const dock = make("div", { class: "al-dock", role: "group", tabindex: "-1", "aria-label": "Your turn" }, bars, turn, hint, tools);
  const seen = portrait(peer);
  const chat = make("div", { class: "al-chat al-not-yet" }, // so that nothing moves when the lines come
    make("div", { class: "al-chat-top" }, seen,
      make("div", {}, make("p", { class: "al-chat-name", text: peer }), trail)),
    log.node, dock);
  const way = make("div", { class: "al-own-way" });
  let walk = null;
  let steps = []; // what the host has walked
  let asked = null; // what it was asked to walk, until its receipt is here
  let waiting = null; // what the host keeps of an earlier run: typed and not said

  function send(list) {
    if (asked !== null) return; // a second tap, while the first is on its way
    asked = list;
    dock.classList.add("al-waiting");
    changed(0);
  }

  function arrived() {
    dock.classList.remove("al-waiting");
    chat.classList.remove("al-not-yet");
  }

  // The second tap of two quick ones would say or take back what comes next.
  const once = (act) => (event) => { if (event.detail < 2) act(); };

  const say = (step) => send([...steps, { turn: walk.turn.id, ...step }]);

  function startAgain() {
    const sure = make("span", { class: "al-undo al-sure" },
      make("span", { text: `Clear your talk with ${peer} and start again?` }), " ",
      quiet("Yes, start again", () => { sure.replaceWith(undo); send([]); }), " ",
      quiet("No, keep it", () => { sure.replaceWith(undo); undo.lastChild.focus(); }));
    undo.replaceWith(sure);
    sure.querySelector("button").focus();
  }

  function draw() {
    chat.classList.toggle("al-first", !steps.length);
    trail.replaceChildren(...phaseItems(walk.phase));
    bars.replaceChildren(...meters(walk.state, walk.changes));
    seen.dataset.mood = walk.mood;
    hint.textContent = "";
    turn.replaceChildren(...turnNodes());
    undo.replaceChildren(...(steps.length
      ? [quiet("Go back one turn", once(() => send(steps.slice(0, -1)))), quiet("Start again", startAgain)] : []));
    arrived();
    log.draw(walk.lines);
    way.replaceChildren(...wayNodes(walk.way));
  }

  function wayNodes(found) {
    if (found) log.number(found);
    return wayMap(found, peer, log.goTo);
  }

  function turnNodes() {
    const stopped = walk.stopped ? [make("p", { class: "al-notice", text: walk.stopped })] : [];
    if (!walk.turn) return [...stopped, make("p", { class: "al-hint", text: "This talk has come to its end." })];
    return [...stopped, walk.turn.asks === "choice" ? options() : box()];
  }

  const asks = () => walk.turn.question || "What do you say?";

  // One tap says it; a turn can be taken back.
  const options = () => make("div", { role: "group", "aria-labelledby": `${id}-asks` },
    make("p", { class: "al-ask", id: `${id}-asks`, text: asks() }),
    make("ul", { class: "al-says-list" }, ...walk.turn.options.map((option) =>
      make("li", {}, make("button", { type: "button", class: "al-say", value: option.id, text: option.text,
        onclick: once(() => say({ pick: option.id })) })))));

  // What is typed but not said is kept beside the answer, in case the page has to be loaded again.
  function box() {
    const here = walk.turn.id;
    const jot = () => jots.keep({ turn: here, text: typed.box.value });
    const typed = textBox({ id, label: asks(), rows: 2, typed: jot, left: jots.flush });
    const kept = jots.take() ?? waiting;
    if (kept?.turn === here) typed.box.value = kept.text;
    const [label, field, room] = typed.nodes;
    const sayIt = once(() => {
      if (typed.box.value.trim()) return say({ text: typed.box.value });
      hint.textContent = "Type what you say first.";
      typed.box.focus();
    });
    return make("div", {}, label, make("div", { class: "al-typing" }, field, button("Say", sayIt)), room);
  }

  function receive(receipt) {
    const mine = asked !== null;
    const wasTyping = document.activeElement?.tagName === "TEXTAREA";
    if (mine && asked.length > steps.length) jots.drop();
    waiting = receipt.jotted ?? (mine ? null : waiting);
    steps = asked ?? steps;
    asked = null;
    walk = receipt.walk;
    // Steps that no longer fit are not walked, and not sent again.
    steps = steps.slice(0, walk.lines.filter(({ who }) => who === "you").length);
    draw();
    if (mine) goOn(wasTyping);
  }

  // The focus stays where one goes on; what the peer says is heard from the news.
  function goOn(wasTyping) {
    news.textContent = newsOf(walk);
    ((wasTyping && turn.querySelector("textarea")) || dock).focus({ preventScroll: true });
    chat.scrollIntoView({ block: "nearest" });
  }

  return {
    node: make("div", { class: "al-answers" }, make("p", { class: "al-ask", text: view.question }), chat, news, way),
    foot: tools,
    read: () => asked ?? steps,
    write: (response) => {
      steps = response ?? [];
      return true; // the walk says itself where a step no longer fits
    },
    receive,
    failed: () => {
      asked = null;
      arrived();
    },
    done: () => Boolean(walk?.ending),
    tell: (result) => (walk?.ending ? [...headline(result), ...lookBack(result, peer), ...wayNodes(result.way)] : []),
    explain: (result) => log.node.classList.toggle("al-marked", Boolean(result && walk?.ending)),
    button: "Look back at this talk",
    empty: "Start the talk first.",
  };
}
