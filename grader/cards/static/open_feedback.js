// Opening the feedback file of a trainer.
import { button, line, make, newId, row } from "./dom.js";
import { MAKE_MS, panel } from "./panel.js";

const MOST_BYTES = 5e6; // a larger file is none of ours: the host gets nothing of it, and says so
const READ_MS = 20000;

export function feedbackCard(model, root) {
  const id = newId();
  const picker = make("input", { type: "file", id: `${id}-file`, accept: ".zip,.html,.htm,.json", class: "al-file",
    onchange: () => picker.files[0] && open(picker.files[0]) });
  const fetchButton = model.get("exchange") && button("Look for new feedback", async () =>
    done(await card.reach({ type: "fetch" }, { wait: MAKE_MS })));
  const card = panel(model, root, "Open feedback", { parts: [
    make("label", { class: "al-ask", for: picker.id, text: "Open a feedback file from your trainer" }),
    make("p", { class: "al-hint", text: "Its name ends in -feedback.zip, or -DRAFT.zip. You get it from your trainer, for example by email. If it is unpacked, choose feedback.html." }),
    picker, fetchButton ? row(fetchButton) : null,
  ] });

  async function open(file) {
    const bytes = file.size > MOST_BYTES ? new ArrayBuffer(0) : await file.arrayBuffer();
    done(await card.reach({ type: "bundle", name: file.name }, { wait: READ_MS, buffers: [bytes] }));
  }

  function done(reply) {
    if (!reply) return;
    card.say(...reply.lines.map(line));
    if (reply.link) card.status.append(make("p", {}, make("a", { href: reply.link, text: "Read the feedback" })));
  }
}
