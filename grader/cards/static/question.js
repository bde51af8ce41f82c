// The question card: it sends each answer to the host and shows the receipt.
//
// A card never decides what an answer is worth.
import { button, copyButton, make, newId, quiet } from "./dom.js";
import { feedbackNodes } from "./feedback.js";
import { match } from "./match.js";
import { order } from "./order.js";
import { helpCard, toHelp } from "./help.js";
import { isBlank, same } from "./response.js";
import { sort } from "./sort.js";
import { sourcesDiffer } from "./sources.js";
import { spot } from "./spot.js";
import { situation } from "./story.js";
import { talk } from "./talk.js";
import { choice, choices, rating } from "./ticks.js";
import { reflection, reply } from "./typed.js";
import { RECEIPT_MS, ask, drafts, jotter, whenHidden } from "./wire.js";

// Each kind gives {node, read, write}: what to show, the response now, and set a response
// (false where it no longer fits). The rest is optional: ``explain`` shows feedback at the
// parts, ``tell`` and ``better`` word the feedback below, ``home`` is what it stands below instead,
// ``foot`` holds the button, and ``empty`` is said where nothing is answered.
const KINDS = {
  choice, choices, order, sort, match, spot, reply, rating, reflection,
  sources_differ: sourcesDiffer, conversation: talk,
};
const PICKED_ONCE = ["choice", "spot"]; // after one pick comes the button: it shall be in sight
const GONE = "The course does not answer. If you closed it, start it again. It has a new address then. Keep this page open until you have copied your words.";
const CHANGED = "This question has changed since you answered it. Please have another look.";

// The help card is opened once, and stays as it is left then.
let helpOpened = false;
function openHelp() {
  const card = helpCard();
  if (card && !helpOpened) card.open = helpOpened = true;
}

export function questionCard(model, root) {
  const view = model.get("view");
  const id = newId();
  const status = make("p", { class: "al-status", role: "status" });
  const notice = make("p", { class: "al-notice", role: "status" });
  const care = make("p", { class: "al-care", role: "status" });
  const feedback = make("div", { class: "al-feedback", "aria-live": "polite" });
  const draft = drafts(model);
  const answer = KINDS[view.kind](view, id, changed, jotter(model), model.get("privacy_said"));
  const check = model.get("feedback_now") && button(answer.button ?? "See feedback", () => send("check"));
  const row = make("div", { class: check ? "al-row" : "al-row al-bare" }, check, status);
  answer.node.hidden = row.hidden = true;
  const story = situation(view, model.get("record").startsWith("practice"), () => {
    answer.node.hidden = row.hidden = false;
  });
  answer.foot?.append(row);
  const card = make("div", { class: `al-card al-${view.kind}`, role: "group", "aria-label": model.get("label"), "data-answered": "no" },
    notice, story, answer.node, answer.foot ? null : row, care, feedback);
  let timer;
  let sending = Promise.resolve();
  let sent = 0; // answers that this page has sent
  let unsaved = false; // the answer on the page has no receipt yet
  let seen = model.get("response"); // what the record held when this page last looked

  function changed(pause) {
    if (pause === 0 && !unsaved && same(answer.read(), seen)) return;
    unsaved = true;
    draft.keep({ response: answer.read(), seen });
    explain(null);
    if (check && PICKED_ONCE.includes(view.kind)) row.scrollIntoView({ block: "nearest" });
    clearTimeout(timer);
    timer = setTimeout(() => send("save"), pause);
  }

  // One message at a time: each says what the record held after the one before.
  function send(type) {
    clearTimeout(timer);
    sending = sending.then(() => deliver(type));
    return sending;
  }

  async function deliver(type) {
    const response = answer.read();
    if (type === "check" && isBlank(response)) return say(answer.empty ?? "Choose an answer first.");
    draft.keep({ response, seen });
    sent += 1;
    try {
      const receipt = await ask(model, { type, response, seen, version: story.dataset.version });
      if (receipt.type === "refused") return notSaved(receipt.why, receipt.moved);
      if (receipt.type === "changed") return elsewhere(receipt);
      if (receipt.not_saved) {
        show(receipt); // it can be tried all the same
        return notSaved(receipt.not_saved);
      }
      seen = response;
      if (same(response, answer.read())) {
        unsaved = false;
        draft.drop();
        say("Saved");
      }
      show(receipt);
    } catch {
      notSaved(GONE);
    }
  }

  function show(state) {
    notice.textContent = state.notice ?? "";
    care.replaceChildren(...(state.care ? [state.care, " ", toHelp()] : []));
    if (state.open_help || state.walk?.open_help) openHelp();
    if (state.walk) answer.receive(state);
    if (check) check.hidden = !(answer.done?.() ?? true);
    explain(state.result);
    tellAnswered();
    if (state.type === "saved" && state.result) feedback.scrollIntoView({ block: "nearest" }); // it was asked for
  }

  // The outline beside a lesson follows what the record holds; a talk counts once it has ended,
  // and cards to place once each of them has a place.
  function tellAnswered() {
    card.dataset.answered = !isBlank(seen) && (answer.whole ?? answer.done)?.() !== false ? "yes" : "no";
    card.dispatchEvent(new Event("al-answered", { bubbles: true }));
  }

  const ways = {
    again: () => {
      explain(null);
      say(`Choose again, then press “${check.textContent}”.`);
      (answer.node.querySelector("input:checked") ?? answer.node.querySelector("input, textarea")).focus();
    },
    why: () => send("check"),
  };

  // The place of feedback is ready before its words are, so that they are heard when they come.
  function explain(result) {
    answer.explain?.(result);
    const place = answer.home?.() ?? care;
    if (place.nextSibling !== feedback) place.after(feedback);
    feedback.replaceChildren(...(result ? feedbackNodes(result, answer, ways) : []));
  }

  function say(words) {
    status.className = "al-status";
    status.replaceChildren(words);
  }

  function trouble(...nodes) {
    answer.failed?.();
    status.className = "al-status al-not-saved";
    status.replaceChildren(...nodes);
  }

  // A page whose host has moved is not to be reloaded: another program may stand at its address.
  function notSaved(why, moved = false) {
    trouble(make("strong", { text: "Not saved. " }), `${why} Your answer still stands here. `,
      copier(answer.read()), " ", moved ? "" : quiet("Reload the page", () => location.reload()));
  }

  // The box keeps the focus: leaving it saves, and what is said of that would take the button away.
  function stays(node) {
    node.addEventListener("mousedown", (event) => event.preventDefault());
    return node;
  }

  // To take typed words along: a course that was started again has another address.
  const copy = stays(copyButton("Copy my words", () => answer.read(), () => answer.box));
  const copier = (words) => {
    copy.textContent = "Copy my words";
    return typeof words === "string" && words.trim() ? copy : "";
  };

  // Another window saved a different answer meanwhile: the trainee decides which one stays.
  function elsewhere(state) {
    const mine = answer.read();
    trouble(make("strong", { text: "Not saved yet. " }), "You answered this in another window as well. ",
      stays(quiet("Keep the answer here", () => { seen = state.response; answer.write(mine); send("save"); })), " ",
      stays(quiet("Show the other one", () => {
        draft.drop();
        fill(state, true);
      })));
  }

  // Show what the record holds.
  function fill(state, asked = false) {
    unsaved = false;
    seen = state.response;
    const fits = answer.write(state.response, asked);
    show(state);
    if (!fits) notice.textContent ||= CHANGED;
    else if (!isBlank(state.response)) say("Your saved answer");
  }

  // The record may have changed since this card was made: ask for it anew.
  async function open() {
    const kept = draft.take();
    answer.write(kept ? kept.response : seen);
    const before = sent;
    try {
      const state = await ask(model, { type: "open" }, 10 * RECEIPT_MS);
      if (state.type === "refused") return notSaved(state.why, state.moved);
      if (unsaved || sent !== before) return; // this receipt may be older than the answer
      if (kept && !same(kept.response, state.response)) {
        unsaved = true;
        seen = kept.seen;
        await send("save");
        return;
      }
      draft.drop();
      fill(state);
    } catch {
      notSaved(GONE);
    }
  }

  root.replaceChildren(card);
  whenHidden(() => { if (unsaved) send("save"); });
  open();
}
