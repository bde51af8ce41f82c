// Typed answers: a reply to a peer, and a reflection that nobody else reads.
import { make, quiet } from "./dom.js";
import { plainly } from "./parts.js";
import { TYPING_PAUSE_MS } from "./wire.js";

const MAX_REPLY = 5000; // characters, as many as are scored

// A text box with its label; it says when it is full.
export function textBox({ id, label, rows, typed, left }) {
  const room = make("p", { class: "al-hint", id: `${id}-room`, role: "status" });
  const box = make("textarea", { id: `${id}-text`, rows, maxlength: MAX_REPLY, class: "al-text", dir: "auto",
    "aria-describedby": `${id}-room`, onblur: left,
    // JupyterLab 4.6 takes the line break away from whatever stands in a cell.
    onbeforeinput: (event) => { if (event.inputType === "insertLineBreak") event.stopImmediatePropagation(); },
    oninput: () => {
      const full = box.value.length >= MAX_REPLY;
      room.textContent = full ? `The box is full. It holds ${MAX_REPLY} letters.` : "";
      typed();
    } });
  return { box, nodes: [make("label", { class: "al-ask", for: `${id}-text`, text: label }), box, room] };
}

function typedAnswer(view, id, changed, rows) {
  const { box, nodes } = textBox({ id, label: view.question, rows,
    typed: () => changed(TYPING_PAUSE_MS), left: () => changed(0) });
  return {
    box,
    nodes,
    read: () => box.value,
    write: (response, asked = false) => { // nobody's typing is taken away unasked
      if (asked || document.activeElement !== box) box.value = response ?? "";
      return true;
    },
  };
}

export function reply(view, id, changed) {
  const { nodes, ...answer } = typedAnswer(view, id, changed, 4);
  return { ...answer, node: make("div", { class: "al-answers" }, ...nodes), empty: "Type a reply first." };
}

// What is written so far, with the words of a prompt to go on from.
export function begun(text, prompt) {
  const gap = text && !text.endsWith("\n") ? "\n\n" : "";
  return `${text}${gap}${prompt.replace(/\s*…$/, "")} `;
}

export function reflection(view, id, changed, _jot, privacySaid) {
  const { box, nodes, ...answer } = typedAnswer(view, id, changed, 6);
  const start = (words) => {
    box.value = begun(box.value, words);
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    changed(0);
  };
  const prompts = view.prompts ?? [];
  return {
    ...answer,
    node: make("div", { class: "al-answers" },
      privacySaid ? null : make("p", { class: "al-private", text: "Only for you. What you write stays on this computer, unless you choose to share it." }),
      ...nodes,
      prompts.length ? make("div", { class: "al-starters" },
        make("p", { class: "al-hint", text: "If you like, start with one of these:" }),
        ...prompts.map((words) => quiet(words, () => start(words)))) : null),
    tell: plainly,
    button: "Done for now",
    empty: "There is nothing to keep yet. You can also leave this out.",
  };
}
