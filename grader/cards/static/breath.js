// Breathing with a slow circle; where motion is unwelcome, words count instead.
import { line, make } from "./dom.js";

const IN = 4; // seconds; out is longer than in, which calms
const ROUND = 10;

// What to do in a second, and how far it has come.
export function breathAt(second) {
  const at = second % ROUND;
  return at < IN ? { words: "Breathe in", count: at + 1 } : { words: "Breathe out", count: at - IN + 1 };
}

// Gives what to show, and how to end it.
export function breathing() {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const words = make("p", { class: "al-breath-words", role: "status" });
  const count = make("p", { class: "al-breath-count", "aria-hidden": "true" });
  const circle = make("div", { class: "al-breath", "aria-hidden": "true" });
  let second = 0;
  function tick() {
    const now = breathAt(second++);
    if (words.textContent !== now.words) words.textContent = now.words;
    count.textContent = now.count;
    circle.classList.toggle("al-wide", now.words === "Breathe in");
  }
  const timer = setInterval(tick, 1000);
  requestAnimationFrame(tick);
  return {
    nodes: [isStill ? null : circle, words, isStill ? count : null, line("Only for as long as it feels good.")],
    end: () => clearInterval(timer),
  };
}
