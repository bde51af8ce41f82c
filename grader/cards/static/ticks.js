// Radio buttons and tick boxes: choice, choices, rating, and where sources differ.
import { make } from "./dom.js";
import { fieldset } from "./frame.js";
import { plainly } from "./parts.js";

// One choice as a whole line that can be pressed anywhere.
export function optionRow(input, ...content) {
  return make("label", { class: "al-option", for: input.id }, input, make("span", {}, ...content));
}

// Return {node, read, write} of a group; ``words`` draws what stands beside each button.
export function tickGroup({ view, id, changed, options, legend, type = "radio", hint = "", words = (option) => [option.text] }) {
  const inputs = options.map((option, index) =>
    make("input", { type, name: id, value: option.id, id: `${id}-${index}`, onchange: () => changed(0) }));
  const rows = options.map((option, index) => optionRow(inputs[index], ...words(option)));
  const node = fieldset({ question: view.question, legend },
    hint ? make("p", { class: "al-hint", text: hint }) : null,
    ...rows);
  const ticked = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    node,
    rows,
    read: () => (type === "radio" ? ticked()[0] ?? null : ticked()),
    write: (response) => {
      const chosen = [].concat(response ?? []);
      inputs.forEach((input) => { input.checked = chosen.includes(input.value); });
      return chosen.every((name) => inputs.some((input) => input.value === name));
    },
  };
}

export const choice = (view, id, changed) => tickGroup({ view, id, changed, options: view.options });

export const choices = (view, id, changed) =>
  tickGroup({ view, id, changed, options: view.options, type: "checkbox", hint: "Tick all that fit." });

export function rating(view, id, changed) {
  const group = tickGroup({ view, id, changed, options: view.levels,
    hint: "From least to most. There is no score. Nobody else sees it, unless you share it." });
  group.rows.at(-1).classList.add("al-apart");
  return { ...group, tell: plainly, button: "Done", empty: "Choose what comes nearest first." };
}
