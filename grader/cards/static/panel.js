// Panels: cards that ask the host, and say what came of it where it is heard.
import { make, quiet } from "./dom.js";
import { RECEIPT_MS, ask } from "./wire.js";

export const OPEN_MS = 10 * RECEIPT_MS; // the host may have to read a lot first
export const MAKE_MS = 60000; // files are made meanwhile
const LOST = "The course does not answer. Please reload this page.";

// ``failed`` begins what went wrong; without ``parts`` a panel has one body, which is drawn anew.
export function panel(model, root, label, { look = "al-card", live = "div", parts, failed = "This did not work." } = {}) {
  const body = make("div", {});
  const status = make(live, { class: "al-status", role: "status" });
  const tell = (look, words) => {
    status.className = look;
    status.replaceChildren(...words);
  };
  const say = (...words) => tell("al-status", words);
  const fail = (why) => tell("al-status al-not-saved", [make("strong", { text: `${failed} ` }), why]);

  // The receipt, also one that refuses; null where none came.
  async function reach(message, { wait, lost = LOST, buffers } = {}) {
    try {
      return await ask(model, message, wait, buffers);
    } catch {
      fail(lost);
      return null;
    }
  }

  // The receipt, or null where the panel has said what went wrong.
  async function send(message, options) {
    const reply = await reach(message, options);
    if (reply?.type !== "refused") return reply;
    fail(reply.why);
    return null;
  }

  root.replaceChildren(make("div", { class: look, role: "group", "aria-label": label }, ...(parts ?? [body]), status));
  return { body, status, draw: (...nodes) => body.replaceChildren(...nodes.filter(Boolean)), say, reach, send };
}

export const submit = (text) => make("button", { type: "submit", class: "al-button", text });

// A form of one line to type, with its label; ``box`` sets more about the line.
export function lineForm({ id, box, lead, label, hint, buttons, done }) {
  const input = make("input", { id, type: "text", class: "al-text", autocomplete: "off", spellcheck: "false",
    "aria-describedby": hint && `${id}-hint`, ...box });
  const onsubmit = (event) => { event.preventDefault(); done(input.value); };
  return make("form", { onsubmit },
    lead,
    make("label", { class: "al-ask", for: id, text: label }),
    hint && make("p", { class: "al-hint", id: `${id}-hint`, text: hint }),
    input,
    buttons);
}

// Where the browser can hand a file to another program, such as email; else null.
export function passOn(name, bytes) {
  const file = new File([bytes], name, { type: "application/zip" });
  if (!navigator.canShare?.({ files: [file] })) return null;
  return quiet("Send it with another program", () => navigator.share({ files: [file] }).catch(() => {}));
}

const TYPES = { html: "text/html", ics: "text/calendar", zip: "application/zip" };

export function download(name, bytes) {
  const link = make("a", { class: "al-button", download: name, text: "Save a copy of the file" });
  const type = TYPES[name.split(".").pop()];
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  return link;
}
