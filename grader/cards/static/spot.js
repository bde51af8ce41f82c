// Finding the moment in a transcript: some lines can be picked, the others are there to read.
import { make } from "./dom.js";
import { fieldset } from "./frame.js";
import { partNotes } from "./parts.js";
import { optionRow } from "./ticks.js";

export function spot(view, id, changed) {
  const notes = partNotes(id, view.lines);
  const inputs = view.lines.filter((line) => line.pick).map((line) =>
    make("input", { type: "radio", name: id, value: line.id, id: `${id}-${line.id}`, onchange: () => changed(0) }));

  function lineRow(line) {
    const words = [make("strong", { class: "al-speaker", text: line.speaker }), " ", line.text];
    const input = inputs.find((each) => each.value === line.id);
    return make("li", {},
      input ? optionRow(input, ...words) : make("p", { class: "al-context" }, ...words), notes.at(line));
  }

  return {
    node: fieldset({ question: view.question },
      make("ol", { class: "al-transcript" }, ...view.lines.map(lineRow))),
    read: () => inputs.find((input) => input.checked)?.value ?? null,
    write: (response) => {
      inputs.forEach((input) => { input.checked = input.value === response; });
      return response === null || inputs.some((input) => input.checked);
    },
    explain: notes.explain,
    empty: "Pick a line first.",
  };
}
