// A mark and a private note beside each step of a lesson; nothing of it is handed in.
import { make, newId, quiet } from "./dom.js";
import { modelOf } from "./place.js";
import { OPEN_MS, panel } from "./panel.js";
import { TYPING_PAUSE_MS, drafts, whenHidden } from "./wire.js";

const NEW = { marked: false, text: "" };

// ``carrierOf`` gives what carries the messages of a call, as for every card.
export async function drawNotes(carrierOf) {
  const { page } = document.body.dataset;
  const steps = [...document.querySelectorAll(".al-stepwise > .al-step")];
  if (!steps.length || page.startsWith("exercises/")) return;
  const carrier = carrierOf({ name: "step_notes", arguments: [page], number: 0 });
  const first = panel(modelOf({}, carrier), make("div", {}), "");
  const reply = await first.reach({ type: "open" }, { wait: OPEN_MS });
  if (reply?.type !== "state") return; // without the course there is nowhere to keep a note
  for (const step of steps) {
    beside(modelOf({ record: page, view: { id: step.id } }, carrier), step, reply.notes[step.id] ?? NEW);
  }
}

// A step is called by its lesson and its heading, else by its number.
function titleOf(step) {
  const lesson = document.querySelector("h1")?.textContent ?? "";
  const heading = step.querySelector("h1:not(.al-step-name), h2, h3")?.textContent ?? step.getAttribute("aria-label");
  return heading === lesson ? lesson : `${lesson}: ${heading}`;
}

// What is typed is kept by itself, when typing pauses, when the box is left, and when the page is.
function beside(model, step, kept) {
  let said = kept; // what the host has
  let marked = kept.marked;
  let timer;
  let sending = Promise.resolve();
  const draft = drafts(model, "note");
  const id = newId();
  const title = make("summary", {});
  const mark = quiet("", () => { marked = !marked; keep(); });
  const box = make("textarea", { id, class: "al-text", rows: 3, maxlength: 20000, dir: "auto", onblur: keepIfNew,
    oninput: () => {
      draft.keep(box.value);
      card.say();
      clearTimeout(timer);
      timer = setTimeout(keep, TYPING_PAUSE_MS);
    } });
  const place = make("div", {});
  const card = panel(model, place, "Your note on this step", { look: "al-note-here", parts: [
    mark,
    make("label", { class: "al-ask", for: id, text: "Your note. Only you see it, and it is never handed in." }),
    box,
  ], failed: "Not saved." });

  function show() {
    title.textContent = said.text ? "✎ Your note" : said.marked ? "★ You kept this step" : "☆ Keep this step, or write a note";
    mark.textContent = said.marked ? "Keep this step no longer" : "Keep this step";
  }

  // One message at a time: an older one that comes late would take newer words away.
  function keep() {
    clearTimeout(timer);
    sending = sending.then(deliver);
  }

  async function deliver() {
    const next = { marked, text: box.value };
    const reply = await card.send({ type: "keep", place: step.id, said: next, title: titleOf(step) });
    if (!reply) {
      marked = said.marked;
      return;
    }
    said = next;
    show();
    if (box.value !== next.text) return;
    draft.drop();
    card.say("Saved");
  }

  function keepIfNew() {
    if (box.value !== said.text) keep();
  }

  const typed = draft.take();
  box.value = typed ?? said.text;
  show();
  step.querySelector(".al-pager").before(make("details", { class: "al-fold al-beside-step" }, title, place));
  whenHidden(keepIfNew);
  if (typed !== null) keepIfNew(); // typed on an earlier page, which was left before it was kept
}
