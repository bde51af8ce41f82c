// Finding pairs: by tapping a line and then its partner, or with the menu that each line has.
//
// On a phone the partners scroll away above. So they also stand at the line that was tapped, and
// the lines stay as high as they are: a letter says which partner a line has.
import { heard, make } from "./dom.js";
import { group } from "./frame.js";
import { partNotes } from "./parts.js";

export const letter = (index) => String.fromCharCode(65 + index);

export function match(view, id, changed) {
  const notes = partNotes(id, view.lefts);
  const news = make("p", { class: "al-heard", role: "status" });
  const rights = view.rights.map((right, index) => rightRow({ ...right, letter: letter(index) }));
  const lefts = view.lefts.map(leftRow);
  let picked = null; // the line or the partner that was tapped first

  // Its words are also in the menus, so that a tap here is a shorter way and never the only one.
  function rightRow(right) {
    const badge = make("span", { class: "al-badge", text: right.letter });
    const used = make("span", { class: "al-used" });
    const row = make("li", { class: "al-right", onclick: () => tap("right", right.id) },
      badge, make("span", {}, right.text, " ", used));
    return { ...right, badge, used, row };
  }

  function leftRow(left) {
    const badge = make("span", { class: "al-badge al-slot", "aria-hidden": "true" });
    const partner = make("p", { class: "al-partner", "aria-hidden": "true" });
    const near = make("ul", { class: "al-near", "aria-hidden": "true" }); // its menu says the same to those who hear it
    const row = make("li", { class: "al-pair", onclick: (event) => event.target.tagName !== "SELECT" && tap("left", left.id) },
      make("p", { class: "al-pair-text", id: `${id}-${left.id}`, text: left.text }), partner, near, notes.at(left));
    const select = picker(left);
    row.firstChild.after(make("span", { class: "al-pick" }, badge, select));
    return { ...left, badge, partner, near, row, select };
  }

  function picker(left) {
    return make("select", { class: "al-select", "aria-labelledby": `${id}-${left.id}`, "aria-describedby": `${id}-note-${left.id}`,
      onchange: () => { pick(null); mark(); changed(0); } },
      make("option", { value: "", text: "Choose a letter" }),
      ...rights.map((right) => make("option", { value: right.id, text: `${right.letter}: ${right.text}` })));
  }

  function nearRow(right, left) {
    const used = lefts.some(({ select }) => select.value === right.id);
    const chosen = left.select.value === right.id;
    const choose = (event) => {
      event.stopPropagation(); // the line around it takes a tap as well
      tap("right", right.id);
    };
    return make("li", { class: chosen ? "al-picked" : "", onclick: choose },
      make("span", { class: used ? "al-badge al-badge-used" : "al-badge", text: right.letter }),
      make("span", { text: right.text }));
  }

  // The first tap picks, the second on the other side makes the pair.
  function tap(side, name) {
    if (!picked || picked.side === side) return pick(same(side, name) ? null : { side, name });
    const [left, right] = side === "right" ? [picked.name, name] : [name, picked.name];
    lefts.find((each) => each.id === left).select.value = right;
    pick(null);
    mark();
    changed(0);
  }

  const same = (side, name) => picked?.side === side && picked.name === name;

  function pick(wanted) {
    picked = wanted;
    for (const [side, rows] of [["left", lefts], ["right", rights]])
      for (const { id: name, row } of rows) row.classList.toggle("al-picked", same(side, name));
    showNear(lefts.find((left) => same("left", left.id)));
    news.textContent = picked ? "Picked. Now tap the one that goes with it." : "";
  }

  // The line stays where it was tapped, although the partners at another one go; then its own come in sight.
  function showNear(here) {
    const before = here?.row.getBoundingClientRect().top;
    for (const left of lefts) left.near.replaceChildren(...(left === here ? rights.map((right) => nearRow(right, left)) : []));
    if (!here) return;
    scrollBy({ top: here.row.getBoundingClientRect().top - before, behavior: "instant" });
    here.row.scrollIntoView({ block: "nearest" });
  }

  // A partner that has its pair can be chosen again; it only says so.
  function mark() {
    const taken = lefts.map(({ select }) => select.value);
    rights.forEach((right, index) => {
      const used = taken.includes(right.id);
      right.used.textContent = used ? "used" : "";
      right.badge.classList.toggle("al-badge-used", used);
      for (const { select } of lefts)
        select.options[index + 1].text = `${right.letter}: ${right.text}${used && select.value !== right.id ? " (used)" : ""}`;
    });
    for (const left of lefts) {
      const right = rights.find((each) => each.id === left.select.value);
      left.badge.textContent = right?.letter ?? "";
      left.badge.classList.toggle("al-badge-used", Boolean(right));
      left.partner.textContent = right?.text ?? "";
    }
  }

  mark();
  return {
    node: group({ question: view.question, id },
      make("p", { class: "al-hint" }, "Tap a line, then its letter.", heard(" Or use the menu at each line.")),
      make("ul", { class: "al-rights", "aria-label": "To choose from" }, ...rights.map(({ row }) => row)),
      make("ul", { class: "al-pairs", "aria-label": "Find a letter for each" }, ...lefts.map(({ row }) => row)), news),
    whole: () => lefts.every(({ select }) => select.value),
    read: () => Object.fromEntries(lefts.filter(({ select }) => select.value).map((left) => [left.id, left.select.value])),
    write: (response) => {
      for (const { id: name, select } of lefts) {
        select.value = response?.[name] ?? "";
        if (select.selectedIndex < 0) select.value = "";
      }
      mark();
      return Object.entries(response ?? {}).every(([name, right]) =>
        lefts.find((left) => left.id === name)?.select.value === right);
    },
    explain: notes.explain,
    empty: "Choose a letter first.",
  };
}
