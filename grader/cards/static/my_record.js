// The trainee's own record: the certificate, a copy of everything, and deleting everything.
import { button, make, newId, quiet } from "./dom.js";
import { RECEIPT_MS, ask } from "./wire.js";

// A card whose buttons ask the kernel, and that says what came of it.
function speaking(root, label) {
  const status = make("div", { class: "al-status", role: "status" });
  const body = make("div", {});
  root.replaceChildren(make("div", { class: "al-card", role: "group", "aria-label": label }, body, status));
  return {
    body,
    say: (...words) => status.replaceChildren(...words.map((text) => (text.nodeType ? text : make("p", { text })))),
    send: async (model, message, wait = 10 * RECEIPT_MS) => {
      try {
        const reply = await ask(model, message, wait);
        if (reply.type !== "refused") return reply;
        status.replaceChildren(make("p", { text: reply.why }));
      } catch {
        status.replaceChildren(make("p", { text: "The course does not answer. Please reload this page." }));
      }
      return null;
    },
    focus: () => status.querySelector("a")?.focus(),
  };
}

export function download(name, bytes, text = "Save a copy of the file") {
  const link = make("a", { class: "al-button", download: name, text });
  const type = name.endsWith(".html") ? "text/html" : "application/zip";
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  return link;
}

export function certificateCard(model, root) {
  const id = newId();
  const card = speaking(root, "Certificate");
  const draw = (state) => {
    card.body.replaceChildren(...state.lines.map((text) => make("p", { text })), ...(state.ready ? form() : []));
  };
  const form = () => {
    const box = make("input", { id: `${id}-name`, type: "text", class: "al-text", maxlength: 80, autocomplete: "off",
      spellcheck: "false", "aria-describedby": `${id}-hint` });
    return [make("form", { onsubmit: (event) => { event.preventDefault(); build(box.value); } },
      make("label", { class: "al-ask", for: box.id, text: "Your name, if you want it on the page" }),
      make("p", { class: "al-hint", id: `${id}-hint`, text: "The name is not signed, and the page says so. Your trainer does not get it." }),
      box,
      make("p", { class: "al-row" }, make("button", { type: "submit", class: "al-button", text: "Make my certificate" })))];
  };
  async function build(name) {
    const reply = await card.send(model, { type: "make", name });
    if (!reply) return;
    card.say("Your certificate is ready. Open it, and print it with your browser. You can print it to a PDF file.",
      make("p", { class: "al-row" }, make("a", { class: "al-button", href: reply.link, text: "Open the certificate" }),
        download(reply.file, reply.buffers[0])));
    card.focus();
  }
  card.send(model, { type: "open" }).then((state) => state && draw(state));
}

export function exportCard(model, root) {
  const card = speaking(root, "Take everything with you");
  card.body.append(
    make("p", { text: "You get one file with all your answers, ratings, plans and feedback. You can read it without this course." }),
    make("p", { class: "al-row" }, button("Make a copy of everything", async () => {
      const reply = await card.send(model, { type: "export" }, 60000);
      if (!reply) return;
      card.say("Your copy is ready. Keep it where only you can open it.",
        make("p", { class: "al-row" }, download(reply.file, reply.buffers[0])));
      card.focus();
    })));
}

export function deleteCard(model, root) {
  const id = newId();
  const card = speaking(root, "Delete everything");
  const begin = () => {
    card.body.replaceChildren(
      make("p", { text: "This deletes your answers, your journal, your ratings, your plan, your hand-in files and your feedback from this computer." }),
      make("p", { text: "What you have handed in stays with your trainer. Ask them if you want it deleted there, too." }),
      make("p", { class: "al-row" }, quiet("Delete everything", sure)));
  };
  const sure = () => {
    const box = make("input", { id: `${id}-word`, type: "text", class: "al-text", autocomplete: "off", spellcheck: "false" });
    card.body.replaceChildren(make("form", { onsubmit: async (event) => {
      event.preventDefault();
      const reply = await card.send(model, { type: "delete", word: box.value }, 60000);
      if (!reply) return;
      forget();
      card.body.replaceChildren();
      card.say(...reply.lines);
    } },
    make("p", { class: "al-note", text: "This cannot be undone. You may want to make a copy first." }),
    make("label", { class: "al-ask", for: box.id, text: "To go on, type the word “delete”" }), box,
    make("div", { class: "al-row" }, make("button", { type: "submit", class: "al-button", text: "Delete it all now" }),
      quiet("Keep everything", () => { begin(); card.say(); card.body.querySelector("button").focus(); }))));
    box.focus();
  };
  begin();
}

// Drafts of this tab would bring back what has been deleted.
function forget() {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("alongside:")) sessionStorage.removeItem(key);
  } catch {
    // Storage may be switched off; then there are no drafts.
  }
}
