// The help card at the top of a page: Esc and a tap outside close it, and the focus goes in and back.
import { quiet } from "./dom.js";

export const helpCard = () => document.querySelector("details.al-help");

let cameFrom = null; // what had the focus before the card was opened

function enter(from) {
  const card = helpCard();
  cameFrom = from;
  card.open = true;
  const inside = card.querySelector("div") ?? card;
  inside.tabIndex = -1;
  inside.focus();
}

// A button that opens the card, or nothing where a page has none.
export const toHelp = () => (helpCard() ? quiet("Show the help card", (event) => enter(event.currentTarget)) : "");

function leave() {
  helpCard().open = false;
  const back = cameFrom?.isConnected ? cameFrom : helpCard().querySelector("summary");
  back.focus();
}

// Called once. A card that opened by itself, while somebody types, does not take the focus.
export function followHelp() {
  addEventListener("click", ({ target }) => {
    const card = helpCard();
    const summary = target.closest?.("details.al-help > summary");
    if (summary && !card.open) card.addEventListener("toggle", () => card.open && enter(summary), { once: true });
    else if (card?.open && !card.contains(target)) card.open = false;
  }, true);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !helpCard()?.open || document.querySelector("dialog[open]")) return;
    if (helpCard().contains(document.activeElement)) leave();
    else helpCard().open = false;
  });
}
