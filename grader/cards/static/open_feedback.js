// Opening the feedback file of a trainer.
import { make, newId } from "./dom.js";
import { ask } from "./wire.js";

export function feedbackCard(model, root) {
  const id = newId();
  const status = make("div", { class: "al-status", role: "status" });
  const picker = make("input", { type: "file", id: `${id}-file`, accept: ".zip,.html,.htm,.json", class: "al-file",
    onchange: async () => {
      const file = picker.files[0];
      if (!file) return;
      const bytes = file.size > 5e6 ? new ArrayBuffer(0) : await file.arrayBuffer();
      try {
        done(await withBytes({ type: "bundle", name: file.name }, bytes));
      } catch {
        status.replaceChildren("The course does not answer. Please reload this page.");
      }
    } });
  const fetchButton = model.get("exchange") && make("button", { type: "button", class: "al-button", text: "Look for new feedback",
    onclick: async () => {
      try {
        done(await ask(model, { type: "fetch" }, 60000));
      } catch {
        status.replaceChildren("The course does not answer. Please reload this page.");
      }
    } });

  function withBytes(message, bytes) {
    const plain = model.send.bind(model);
    const sender = { on: model.on.bind(model), off: model.off.bind(model), send: (content) => plain(content, undefined, [bytes]) };
    return ask(sender, message, 20000);
  }

  function done(reply) {
    status.replaceChildren(...reply.lines.map((text) => make("p", { text })));
    if (reply.link) status.append(make("p", {}, make("a", { href: reply.link, text: "Read the feedback" })));
  }

  root.replaceChildren(make("div", { class: "al-card", role: "group", "aria-label": "Open feedback" },
    make("label", { class: "al-ask", for: `${id}-file`, text: "Open a feedback file from your trainer" }),
    make("p", { class: "al-hint", text: "Its name ends in -feedback.zip, or -DRAFT.zip. You get it from your trainer, for example by email. If it is unpacked, choose feedback.html." }),
    picker, fetchButton ? make("p", { class: "al-row" }, fetchButton) : null, status));
}
