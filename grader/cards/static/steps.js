// The steps of a lesson: styles show the one that the address names; this adds keys.
const CONTROLS = "input, textarea, select, summary, [role='radio'], [contenteditable]";
const KEYS = { ArrowLeft: ".al-back", ArrowRight: ".al-next" };

const isShown = (step) => step.checkVisibility?.() ?? true;

// A newer course may have fewer steps than an address that somebody kept.
function nearest(steps) {
  const wanted = /^#step-(\d+)$/.exec(location.hash);
  if (wanted && wanted[1] > steps.length) location.replace(`#step-${steps.length}`);
}

function turn(event, steps) {
  const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented);
  if (!plain || !KEYS[event.key] || event.target.closest?.(CONTROLS)) return;
  const shown = steps.filter(isShown);
  if (shown.length === 1) shown[0].querySelector(`.al-pager > ${KEYS[event.key]}`).click();
}

export function followSteps() {
  const steps = [...document.querySelectorAll(".al-step")];
  if (!steps.length) return;
  nearest(steps);
  addEventListener("hashchange", () => nearest(steps));
  addEventListener("keydown", (event) => turn(event, steps));
  // The skip link's own address would lead back to the first step.
  document.querySelector(".al-skip").addEventListener("click", (event) => {
    event.preventDefault();
    (steps.find(isShown) ?? steps[0]).focus();
  });
}
