// Putting parts in order: two buttons at each part, and dragging for those who like it.
import { heard, inner, make, quiet } from "./dom.js";
import { group } from "./frame.js";
import { partNotes } from "./parts.js";

// All parts in the order of a response, the others after them; whether the response has just these.
export function arranged(response, all) {
  const known = (response ?? []).filter((name) => all.includes(name));
  const rest = all.filter((name) => !known.includes(name));
  return { names: [...known, ...rest], fits: rest.length === 0 && known.length === response?.length };
}

export function order(view, id, changed) {
  const news = make("p", { class: "al-heard", role: "status" });
  const list = make("ol", { class: "al-steps", "aria-label": "Your order, first to last" });
  const notes = partNotes(id, view.parts);
  const rows = new Map(view.parts.map((part) => [part.id, partRow(part)]));
  const right = quiet("This order is right for me", () => { settle(); changed(0); });
  let settled = false; // the order shown at first is nobody's answer yet

  function partRow(part) {
    const row = make("li", { class: "al-part", "data-part": part.id },
      make("span", { class: "al-grip", "aria-hidden": "true", text: "⠿" }),
      make("span", { class: "al-part-text", text: part.text }),
      make("span", { class: "al-moves" }, moveButton(part, -1), moveButton(part, 1)),
      notes.at(part));
    row.firstChild.addEventListener("pointerdown", (event) => drag(event, row));
    return row;
  }

  function moveButton(part, step) {
    const words = step < 0 ? "Move up" : "Move down";
    return make("button", { type: "button", class: "al-move", onclick: () => move(part, step) },
      make("span", { "aria-hidden": "true", text: step < 0 ? "↑" : "↓" }), heard(`${words}: ${part.text}`));
  }

  const place = (row) => [...list.children].indexOf(row);

  function move(part, step) {
    const row = rows.get(part.id);
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    // The neighbour moves, not the part: so the focus stays where it is.
    if (other) list.insertBefore(other, step < 0 ? row.nextElementSibling : row);
    tell(row, other ? "is now" : "stays");
    if (other) answered(row);
  }

  function tell(row, is) {
    const words = row.querySelector(".al-part-text").textContent;
    news.textContent = `“${inner(words)}” ${is} ${place(row) + 1} of ${view.parts.length}`;
  }

  function answered(row) {
    for (const each of list.children) each.classList.toggle("al-moved", each === row);
    settle();
    ends();
    changed(0);
  }

  function settle() {
    settled = true;
    right.hidden = right !== document.activeElement; // what is hidden loses the focus
  }

  // The outer buttons have nowhere to go; they keep the focus all the same.
  function ends() {
    [...list.children].forEach((row, index) => {
      const [up, down] = row.querySelectorAll(".al-move");
      up.setAttribute("aria-disabled", String(index === 0));
      down.setAttribute("aria-disabled", String(index === list.children.length - 1));
    });
  }

  function drag(event, row) {
    if (event.button !== 0) return;
    event.preventDefault();
    const grip = event.currentTarget;
    const before = place(row);
    const follow = (to) => {
      const [previous, next] = [row.previousElementSibling, row.nextElementSibling];
      if (previous && to.clientY < middle(previous)) list.insertBefore(previous, row.nextElementSibling);
      else if (next && to.clientY > middle(next)) list.insertBefore(next, row);
    };
    const drop = () => {
      grip.removeEventListener("pointermove", follow);
      row.classList.remove("al-dragged");
      if (place(row) === before) return;
      tell(row, "is now");
      answered(row);
    };
    grip.setPointerCapture(event.pointerId);
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("lostpointercapture", drop, { once: true });
    row.classList.add("al-dragged");
  }

  function write(response) {
    const { names, fits } = arranged(response, [...rows.keys()]);
    list.replaceChildren(...names.map((name) => rows.get(name)));
    ends();
    settled = fits;
    right.hidden = settled;
    return response === null || settled;
  }

  write(null);
  return {
    node: group({ question: view.question, id },
      make("p", { class: "al-hint", text: "Move each part with its arrows." }),
      list, right, news),
    read: () => (settled ? [...list.children].map((row) => row.dataset.part) : null),
    write,
    explain: notes.explain,
    better: "Why this order",
    empty: "Move a part first, or say that this order is right for you.",
  };
}

const middle = (node) => {
  const box = node.getBoundingClientRect();
  return box.top + box.height / 2;
};
