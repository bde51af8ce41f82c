// The steps of a lesson: styles show the one that the address names; this adds keys.
import { heard, make } from "./dom.js";

const CONTROLS = "input, textarea, select, summary, [role='radio'], [contenteditable]";
const NEVER_NEEDED = ".al-reflection, .al-rating, .al-sources_differ"; // no step waits for these beside another card
const KEYS = { ArrowLeft: ".al-back", ArrowRight: ".al-next" };

const all = () => [...document.querySelectorAll(".al-step")];
const isShown = (node) => node.checkVisibility?.() ?? true;

// The places of cards in order, those of the step of this address before the others. What is
// shown is not asked: the browser would work out the whole page before it draws the first card.
export function shownFirst(found) {
  const places = [...found];
  const step = document.getElementById(location.hash.slice(1))?.closest(".al-step");
  const first = Math.max(0, places.findIndex((place) => step?.contains(place)));
  return [...places.slice(first), ...places.slice(0, first)];
}

// Beside a lesson in a wide window stands its outline; the step that is shown is marked there.
function markOutline() {
  const shown = all().filter(isShown);
  for (const link of document.querySelectorAll(".al-outline a")) {
    const isHere = shown.length === 1 && link.hash === `#${shown[0].id}`;
    if (isHere) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
}

// A step whose cards are answered has a dot in the outline. It is no tick: that would say "right".
// What was only read is kept nowhere, so a step without cards never has one; and no step is ever
// marked as not done.
function markDone({ target }) {
  const step = target.closest(".al-step");
  const link = step && document.querySelector(`.al-outline a[href="#${step.id}"]`);
  if (!link) return;
  const cards = [...step.querySelectorAll("[data-answered]")];
  const needed = cards.filter((card) => !card.matches(NEVER_NEEDED));
  const isDone = (needed.length ? needed : cards).every((card) => card.dataset.answered === "yes");
  link.querySelector(".al-done")?.remove();
  if (isDone) link.append(make("span", { class: "al-done" }, heard(" done")));
}

// A newer course may have fewer steps than an address that somebody kept.
function toNearest() {
  const wanted = /^#step-(\d+)$/.exec(location.hash);
  const { length } = all();
  if (length && wanted && wanted[1] > length) location.replace(`#step-${length}`);
}

// For a page that has taken the place of another, and for each step that is gone to.
export function nearestStep() {
  toNearest();
  markOutline();
}

function turn(event) {
  const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented);
  if (!plain || !KEYS[event.key] || event.target.closest?.(`${CONTROLS}, dialog`)) return;
  const shown = all().filter(isShown);
  if (shown.length === 1) shown[0].querySelector(`.al-pager > ${KEYS[event.key]}`).click();
}

// The skip link's own address would lead back to the first step.
function skip(event) {
  const step = event.target.closest?.(".al-skip") && all().find(isShown);
  if (!step) return;
  event.preventDefault();
  step.focus();
}

// Called once, whatever pages come and go.
export function followSteps() {
  toNearest();
  addEventListener("hashchange", nearestStep);
  addEventListener("load", markOutline); // only then do the styles know the step of an address
  addEventListener("al-answered", markDone);
  addEventListener("keydown", turn);
  addEventListener("click", skip);
}
