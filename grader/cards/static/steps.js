// The steps of a lesson: styles show the one that the address names; this adds keys.
const CONTROLS = "input, textarea, select, summary, [role='radio'], [contenteditable]";
const KEYS = { ArrowLeft: ".al-back", ArrowRight: ".al-next" };

const all = () => [...document.querySelectorAll(".al-step")];
const isShown = (node) => node.checkVisibility?.() ?? true;

// The places of cards in order, those of the step that is shown before the others.
export function shownFirst(found) {
  const places = [...found];
  const first = Math.max(0, places.findIndex(isShown));
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

// A newer course may have fewer steps than an address that somebody kept.
export function nearestStep() {
  const wanted = /^#step-(\d+)$/.exec(location.hash);
  const { length } = all();
  if (length && wanted && wanted[1] > length) location.replace(`#step-${length}`);
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
  nearestStep();
  addEventListener("hashchange", nearestStep);
  addEventListener("load", markOutline); // only then do the styles know the step of an address
  addEventListener("keydown", turn);
  addEventListener("click", skip);
}
