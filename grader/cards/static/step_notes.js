// A mark and a private note beside each step of a lesson; nothing of it is handed in.
import { button, make, newId, quiet } from "./dom.js";
import { modelOf } from "./place.js";
import { OPEN_MS, panel } from "./panel.js";

const NEW = { marked: false, text: "" };

// ``carrierOf`` gives what carries the messages of a call, as for every card.
export async function drawNotes(carrierOf) {
  const { page } = document.body.dataset;
  const steps = [...document.querySelectorAll(".al-stepwise > .al-step")];
  if (!steps.length || page.startsWith("exercises/")) return;
  const model = modelOf({}, carrierOf({ name: "step_notes", arguments: [page], number: 0 }));
  const first = panel(model, make("div", {}), "");
  const reply = await first.reach({ type: "open" }, { wait: OPEN_MS });
  if (reply?.type !== "state") return; // without the course there is nowhere to keep a note
  for (const step of steps) beside(model, step, reply.notes[step.id] ?? NEW);
}

// A step is called by its lesson and its heading, else by its number.
function titleOf(step) {
  const lesson = document.querySelector("h1")?.textContent ?? "";
  const heading = step.querySelector("h1:not(.al-step-name), h2, h3")?.textContent ?? step.getAttribute("aria-label");
  return heading === lesson ? lesson : `${lesson}: ${heading}`;
}

function beside(model, step, kept) {
  let said = kept;
  const id = newId();
  const title = make("summary", {});
  const mark = quiet("", () => keep({ ...said, marked: !said.marked }));
  const box = make("textarea", { id, class: "al-text", rows: 3, maxlength: 20000, dir: "auto" });
  const place = make("div", {});
  const card = panel(model, place, "Your note on this step", { look: "al-note-here", parts: [
    mark,
    make("label", { class: "al-ask", for: id, text: "Your note. Only you see it, and it is never handed in." }),
    box,
    make("div", { class: "al-row" }, button("Keep the note", () => keep({ ...said, text: box.value }))),
  ], failed: "Not saved." });
  function show() {
    title.textContent = said.text ? "✎ Your note" : said.marked ? "★ You kept this step" : "☆ Keep this step, or write a note";
    mark.textContent = said.marked ? "Keep this step no longer" : "Keep this step";
  }

  async function keep(next) {
    const reply = await card.send({ type: "keep", place: step.id, said: next, title: titleOf(step) });
    if (!reply) return;
    said = next;
    show();
    card.say("Saved");
  }

  box.value = said.text;
  show();
  step.querySelector(".al-pager").before(make("details", { class: "al-fold al-beside-step" }, title, place));
}
