// A lesson as a page without a server: a worker with Python answers its cards.
import { showKept } from "./kept.js";
import { drawIn, pause } from "./place.js";
import { asWorker, missingHere } from "./python.js";

const { root, page, own, kept } = document.body.dataset;
const notice = document.getElementById("ready");
const READY = "The cards are getting ready … You can read everything meanwhile.";
const FAILED = "The cards could not be made ready. You can read everything. To try cards, reload this page, or open it in a newer browser.";
const SLOW = "The cards take long to get ready. They come once over the network. You can read everything meanwhile.";
const SLOW_MS = 20000;
const MOST_MS = 180000;

function say(...words) {
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

const carrier = (python, call) => async (message, files) => {
  const reply = await python.ask({ act: "message", page, call, message, files });
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

// The learner's own pieces take the place of those for somebody new.
function fill(python, place, pieces) {
  const cards = [];
  const nodes = pieces.map((piece) => {
    const node = document.createElement("div");
    if (typeof piece === "string") node.innerHTML = piece; // made and escaped by the course itself
    else cards.push([node, piece]);
    node.className = typeof piece === "string" ? "al-place" : "al-live";
    return node;
  });
  if (!nodes.length) return;
  place.replaceChildren(...nodes);
  for (const [node, { call, facts }] of cards) {
    node.dataset.call = JSON.stringify(call);
    drawIn(node, facts, carrier(python, call));
  }
}

async function begin() {
  navigator.serviceWorker?.register(`${root}sw.js`).catch(() => {});
  const missing = missingHere();
  if (missing) return say(missing);
  const python = asWorker(new URL(`${own}worker.js`, location.href));
  if (kept !== undefined) return showKept(python, kept, say);
  say(READY);
  const slow = setTimeout(() => say(SLOW), SLOW_MS);
  try {
    const places = [...document.querySelectorAll(".al-place[data-call]")];
    const calls = places.map((place) => JSON.parse(place.dataset.call));
    const reply = await python.ask({ act: "page", page, calls }, MOST_MS);
    document.querySelector(".al-top .al-help > div").innerHTML = reply.help;
    say();
    for (const [at, place] of places.entries()) {
      fill(python, place, reply.pieces[at]);
      await pause();
    }
  } catch {
    say(FAILED);
  } finally {
    clearTimeout(slow);
  }
}

begin();

// The browser's back button may bring back a page as it was before later answers.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
