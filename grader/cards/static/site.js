// A lesson as a page without a server: a worker with Python answers its cards.
import { showKept } from "./kept.js";
import { followLinks } from "./next_page.js";
import { drawIn, pause } from "./place.js";
import { asWorker, missingHere } from "./python.js";
import { drawNotes } from "./step_notes.js";
import { followSteps, nearestStep, shownFirst } from "./steps.js";
import { followTop } from "./top.js";
import { openWords } from "./word_in_place.js";

const READY = "The cards are getting ready … You can read everything meanwhile.";
const FAILED = "The cards could not be made ready. You can read everything. To try cards, reload this page, or open it in a newer browser.";
const SLOW = "The cards take long to get ready. They come once over the network. You can read everything meanwhile.";
const RENEWED = "This course has been renewed. Your answers are still here.";
const SLOW_MS = 20000;
const MOST_MS = 180000;

function say(...words) {
  const notice = document.getElementById("ready");
  if (!notice) return;
  notice.hidden = !words.length;
  notice.replaceChildren(...words);
}

// Links in receipts are those of all hosts; pages of a site are files.
function withLinks(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withLinks);
  return Object.fromEntries(Object.entries(value).map(([name, part]) =>
    [name, name === "link" && typeof part === "string" ? pageName(part) : withLinks(part)]));
}

function pageName(address) {
  const path = address.replace(/\.ipynb$/, "");
  return path && (path !== address || !path.split("/").pop().includes(".")) ? `${path}.html` : address;
}

const carrier = (python, page, call, kind) => async (message, files) => {
  const reply = await python.ask({ act: "message", page, call, kind, message, files });
  askToStay(reply.receipt);
  return { receipt: withLinks(reply.receipt), files: reply.files };
};

// Once there is something to keep, the browser is asked not to clear it when room is short.
let asked = false;
function askToStay(receipt) {
  if (asked || receipt.type !== "saved") return;
  asked = true;
  navigator.storage?.persist?.().catch(() => {});
}

// What the course itself made and escaped; no script in it would run.
const nodesOf = (html) => [...new DOMParser().parseFromString(html, "text/html").body.childNodes];

// The learner's own pieces take the place of those for somebody new.
function fill(python, page, place, pieces) {
  const cards = [];
  const nodes = pieces.map((piece) => {
    const node = document.createElement("div");
    if (typeof piece === "string") node.append(...nodesOf(piece));
    else cards.push([node, piece]);
    node.className = typeof piece === "string" ? "al-place" : "al-live";
    return node;
  });
  if (!nodes.length) return;
  place.replaceChildren(...nodes);
  for (const [node, { call, facts }] of cards) {
    node.dataset.call = JSON.stringify(call);
    drawIn(node, withLinks(facts), carrier(python, page, call, facts.view?.kind));
  }
}

// Tell, once, whether somebody who was here before finds another version now.
function isRenewed() {
  const { root, own } = document.body.dataset;
  const name = `alongside:${new URL(root, location.href).pathname}:version`;
  const version = own.split("/").at(-2);
  try {
    const before = localStorage.getItem(name);
    localStorage.setItem(name, version);
    return before !== null && before !== version;
  } catch {
    return false; // a browser that keeps nothing has nothing to compare
  }
}

async function show(python) {
  const { page } = document.body.dataset;
  const isHere = () => document.body.dataset.page === page;
  const places = shownFirst(document.querySelectorAll(".al-place[data-call]"));
  const calls = places.map((place) => JSON.parse(place.dataset.call));
  say(READY);
  const slow = setTimeout(() => isHere() && say(SLOW), SLOW_MS);
  try {
    const reply = await python.ask({ act: "page", page, calls }, MOST_MS);
    if (!isHere()) return;
    document.querySelector(".al-top .al-help > div").replaceChildren(...nodesOf(reply.help));
    say(...(isRenewed() ? [RENEWED] : []));
    for (const [at, place] of places.entries()) {
      fill(python, page, place, reply.pieces[at]);
      await pause();
    }
    drawNotes((call) => carrier(python, page, call));
  } catch {
    if (isHere()) say(FAILED);
  } finally {
    clearTimeout(slow);
  }
}

function begin() {
  const { root, own, kept } = document.body.dataset;
  navigator.serviceWorker?.register(`${root}sw.js`).catch(() => {});
  followTop();
  const missing = missingHere();
  if (missing) return say(missing);
  const python = asWorker(new URL(`${own}worker.js`, location.href));
  if (kept !== undefined) return showKept(python, kept, say);
  followSteps();
  openWords();
  followLinks(() => {
    nearestStep();
    show(python);
  });
  return show(python);
}

begin();

// The browser's back button may bring back a page as it was before later answers.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
