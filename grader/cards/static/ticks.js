// Radio buttons and tick boxes: choice, choices, rating, and where sources differ.
import { line, make } from "./dom.js";
import { betterWay, headline, signed } from "./feedback.js";
import { fieldset } from "./frame.js";
import { partNotes, plainly } from "./parts.js";

// One choice as a whole line that can be pressed anywhere.
export function optionRow(input, ...content) {
  return make("label", { class: "al-option", for: input.id }, input, make("span", {}, ...content));
}

// Return {node, read, write} of a group; ``words`` draws what stands beside each button,
// ``notes`` have places below them.
export function tickGroup({ view, id, changed, options, legend, notes, type = "radio", hint = "", words = (option) => [option.text] }) {
  const inputs = options.map((option, index) =>
    make("input", { type, name: id, value: option.id, id: `${id}-${index}`, onchange: () => changed(0),
      "aria-describedby": notes?.at(option).id }));
  const rows = options.map((option, index) => optionRow(inputs[index], ...words(option)));
  const node = fieldset({ question: view.question, legend },
    hint ? make("p", { class: "al-hint", text: hint }) : null,
    ...rows.flatMap((row, index) => (notes ? [row, notes.at(options[index])] : [row])));
  const ticked = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    node,
    rows,
    chosen: () => rows[inputs.findIndex((input) => input.checked)],
    read: () => (type === "radio" ? ticked()[0] ?? null : ticked()),
    write: (response) => {
      const chosen = [].concat(response ?? []);
      inputs.forEach((input) => { input.checked = chosen.includes(input.value); });
      return chosen.every((name) => inputs.some((input) => input.value === name));
    },
  };
}

// What is said of a choice stands at the reply that was chosen.
export function choice(view, id, changed) {
  const group = tickGroup({ view, id, changed, options: view.options });
  const tell = (result) => [signed(result.reasons.some(({ fits }) => fits),
    ...headline(result),
    ...result.reasons.map(({ text }) => line(text)),
    result.better ? betterWay([result.better]) : null)];
  return { ...group, home: group.chosen, tell };
}

export function choices(view, id, changed) {
  const notes = partNotes(id, view.options);
  const group = tickGroup({ view, id, changed, options: view.options, notes, type: "checkbox", hint: "Tick all that fit." });
  return { ...group, tell: headline, explain: notes.explain };
}

// A page may have said already who sees it.
export function rating(view, id, changed, _jot, privacySaid) {
  const whoSees = privacySaid ? "" : " Nobody else sees it, unless you share it.";
  const group = tickGroup({ view, id, changed, options: view.levels,
    hint: `From least to most. There is no score.${whoSees}` });
  group.rows.at(-1).classList.add("al-apart");
  return { ...group, tell: plainly, button: "Done", empty: "Choose what comes nearest first." };
}
