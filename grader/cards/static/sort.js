// Sorting cards into piles: a small row of buttons at each card, so one press is enough.
//
// Where a phone has no room for the names of the piles at each card, their letters stand there,
// and the names stay in sight above.
import { make } from "./dom.js";
import { group } from "./frame.js";
import { letter } from "./match.js";
import { partNotes } from "./parts.js";

const FEW_CARDS = 8;
const SHORT_NAMES = 22; // letters of all piles together

export const leftWords = (open) => (open ? `${open} left to place` : "All placed");

const hasRoom = ({ cards, piles }) =>
  cards.length <= FEW_CARDS && piles.reduce((sum, pile) => sum + pile.text.length, 0) <= SHORT_NAMES;

export function sort(view, id, changed) {
  const notes = partNotes(id, view.cards);
  const counts = new Map(view.piles.map((pile) => [pile.id, make("strong", { text: "0" })]));
  const left = make("span", { class: "al-left" });
  const inputs = view.cards.flatMap((card) => view.piles.map((pile) => ({ card, pile, box: radio(card, pile) })));

  function radio(card, pile) {
    return make("input", { type: "radio", name: `${id}-${card.id}`, value: pile.id,
      id: `${id}-${card.id}-${pile.id}`, onchange: () => { count(); changed(0); } });
  }

  function cardRow(card) {
    return make("fieldset", { class: "al-sort-card", "aria-describedby": `${id}-note-${card.id}` },
      make("legend", { text: card.text }),
      make("div", { class: "al-piles" }, ...inputs.filter((input) => input.card === card).map(({ pile, box }) =>
        make("label", { class: "al-pile", for: box.id }, box, badge(pile), make("span", { class: "al-pile-name", text: pile.text })))),
      notes.at(card));
  }

  const badge = (pile) => make("span", { class: "al-badge", "aria-hidden": "true", text: letter(view.piles.indexOf(pile)) });

  const chosen = () => inputs.filter((input) => input.box.checked);

  function count() {
    for (const pile of view.piles)
      counts.get(pile.id).textContent = chosen().filter((input) => input.pile === pile).length;
    left.textContent = leftWords(view.cards.length - chosen().length);
  }

  count();
  return {
    node: group({ question: view.question, id },
      make("p", { class: "al-tally" }, ...view.piles.map((pile) =>
        make("span", {}, badge(pile), `${pile.text} `, counts.get(pile.id))), left),
      make("div", { class: hasRoom(view) ? "" : "al-lettered" }, ...view.cards.map(cardRow))),
    whole: () => chosen().length === view.cards.length,
    read: () => Object.fromEntries(chosen().map(({ card, pile }) => [card.id, pile.id])),
    write: (response) => {
      for (const { card, pile, box } of inputs) box.checked = response?.[card.id] === pile.id;
      count();
      return Object.keys(response ?? {}).length === chosen().length;
    },
    explain: notes.explain,
    empty: "Put a card on a pile first.",
  };
}
