// Reading a page aloud with a voice of the device itself: nothing goes over the network.
import { button } from "./dom.js";

const MOST = 220; // letters at once: some voices stop within long ones
const PEER = ".al-says, .al-log .al-from-peer";
const TEXT = "h1, h2, h3, p, li, dt, dd, th, td, legend, label, summary, figcaption";
const NOT_READ = `nav, dialog, .al-pager, .al-margin, .al-static, .al-whole, .al-status, .al-step-name, ${PEER}`;

// Voices that need no network, for English text; a device's own standard comes first.
export const offlineVoices = (voices) =>
  voices.filter((voice) => voice.localService && /^en(?![a-z])/i.test(voice.lang)).sort((one, other) => other.default - one.default);

// Text in sentences, the long ones cut between words.
export function pieces(text, most = MOST) {
  const found = [];
  for (const sentence of text.replace(/\s+/g, " ").trim().match(/[^.!?…]+[.!?…]*["”’')]*\s*/g) ?? []) {
    let left = sentence.trim();
    while (left.length > most) {
      const at = left.lastIndexOf(" ", most);
      const end = at > 0 ? at : most;
      found.push(left.slice(0, end));
      left = left.slice(end).trim();
    }
    if (left) found.push(left);
  }
  return found;
}

const isSeen = (node) => node.checkVisibility?.({ visibilityProperty: true }) ?? true;

function wordsOf(node) {
  const [who, says] = [node.querySelector("figcaption"), node.querySelector("blockquote")];
  return says ? `${who?.textContent ?? ""}: ${says.textContent}` : node.textContent;
}

// What is read of a part of a page: the peer's newest line first, then the rest in its order.
export function toRead(part) {
  const peer = [...part.querySelectorAll(PEER)].filter(isSeen).slice(-1);
  const rest = [...part.querySelectorAll(TEXT)].filter((node) =>
    isSeen(node) && !node.closest(NOT_READ) && !node.querySelector(TEXT));
  return [...peer, ...rest].flatMap((node) => pieces(wordsOf(node)));
}

// The step that is shown; of several, the first that is in the window.
const shownPart = () =>
  [...document.querySelectorAll(".al-step")].find((step) => isSeen(step) && step.getBoundingClientRect().bottom > innerHeight / 4)
  ?? document.getElementById("lesson");

export const voicesHere = () => offlineVoices(self.speechSynthesis?.getVoices() ?? []);

export function stopReading() {
  self.speechSynthesis?.cancel();
  document.querySelector(".al-stop")?.remove();
}

export function readAloud(voice, back) {
  stopReading();
  const stop = button("Stop reading", () => {
    stopReading();
    back?.focus();
  }, "al-button al-stop");
  document.querySelector(".al-reach").append(stop);
  stop.focus();
  const all = toRead(shownPart()).map((text) => Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang }));
  for (const each of all) speechSynthesis.speak(each);
  const last = all.at(-1);
  if (!last) return stopReading();
  last.onend = last.onerror = () => {
    if (stop.isConnected && document.activeElement === stop) back?.focus();
    stop.remove();
  };
}

// Called once: another step, or another page, is not the one that is read.
export function followReading() {
  for (const event of ["hashchange", "popstate", "pagehide"]) addEventListener(event, stopReading);
  addEventListener("click", (event) => { if (event.target.closest?.("a[href]")) stopReading(); });
}
