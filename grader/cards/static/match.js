// Finding pairs: the partners stand in a lettered list, and each line has a native select.
import { make } from "./dom.js";
import { group } from "./frame.js";
import { partNotes } from "./parts.js";

export const letter = (index) => String.fromCharCode(65 + index);

export function match(view, id, changed) {
  const notes = partNotes(id, view.lefts);
  const rights = view.rights.map((right, index) => ({ ...right, label: `${letter(index)}: ${right.text}`,
    badge: make("span", { class: "al-badge", text: letter(index) }), used: make("span", { class: "al-used" }) }));
  const selects = new Map(view.lefts.map((left) => [left.id, picker(left)]));

  function picker(left) {
    return make("select", { class: "al-select", "aria-labelledby": `${id}-${left.id}`, "aria-describedby": `${id}-note-${left.id}`,
      onchange: () => { mark(); changed(0); } },
      make("option", { value: "", text: "Choose a letter" }),
      ...rights.map((right) => make("option", { value: right.id, text: right.label })));
  }

  // A partner that has its pair can be chosen again; it only says so.
  function mark() {
    const taken = [...selects.values()].map((select) => select.value);
    rights.forEach((right, index) => {
      const used = taken.includes(right.id);
      right.used.textContent = used ? "used" : "";
      right.badge.classList.toggle("al-badge-used", used);
      for (const select of selects.values())
        select.options[index + 1].text = right.label + (used && select.value !== right.id ? " (used)" : "");
    });
  }

  function leftRow(left) {
    return make("li", { class: "al-pair" },
      make("p", { id: `${id}-${left.id}`, text: left.text }), selects.get(left.id), notes.at(left));
  }

  return {
    node: group({ question: view.question, id },
      make("ul", { class: "al-rights", "aria-label": "To choose from" }, ...rights.map((right) =>
        make("li", {}, right.badge, make("span", {}, right.text, " ", right.used)))),
      make("ul", { class: "al-pairs", "aria-label": "Find a letter for each" }, ...view.lefts.map(leftRow))),
    read: () => Object.fromEntries([...selects].filter(([, select]) => select.value).map(([name, select]) => [name, select.value])),
    write: (response) => {
      for (const [name, select] of selects) {
        select.value = response?.[name] ?? "";
        if (select.selectedIndex < 0) select.value = "";
      }
      mark();
      return Object.entries(response ?? {}).every(([name, right]) => selects.get(name)?.value === right);
    },
    explain: notes.explain,
    empty: "Choose a letter first.",
  };
}
