// A lesson as a page without a server: a worker with Python answers its cards.
import { showKept } from "./kept.js";
import { followLinks } from "./next_page.js";
import { followPause } from "./pause.js";
import { drawIn, pause } from "./place.js";
import { asWorker, missingHere } from "./python.js";
import { SETTINGS_CALL, takeKept } from "./settings.js";
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

// What only is to be read stands there already, as for somebody new: cards come before it.
function rounds() {
  const places = shownFirst(document.querySelectorAll(".al-place[data-call]"));
  const asked = places.map((place) => ({ place, call: JSON.parse(place.dataset.call) }));
  const isCard = ({ call }) => call.name === "card";
  return [asked.filter(isCard), asked.filter((one) => !isCard(one))].filter(({ length }) => length);
}

async function fillAll(python, page, round, isHere) {
  const reply = await python.ask({ act: "page", page, calls: round.map(({ call }) => call) }, MOST_MS);
  if (isHere()) say();
  for (const [at, { place }] of round.entries()) {
    if (!isHere()) return;
    fill(python, page, place, reply.pieces[at]);
    await pause();
  }
}

// What stands at the top of a page is each learner's own: the help of their region, how they read.
async function renewTop(python) {
  const { help, settings } = await python.ask({ act: "top" }, MOST_MS);
  document.querySelector(".al-top .al-help > div").replaceChildren(...nodesOf(help));
  takeKept(settings);
  followPause();
}

async function show(python) {
  const { page } = document.body.dataset;
  const isHere = () => document.body.dataset.page === page;
  say(READY);
  const slow = setTimeout(() => isHere() && say(SLOW), SLOW_MS);
  try {
    for (const round of rounds()) await fillAll(python, page, round, isHere);
    if (isHere() && isRenewed()) say(RENEWED);
    if (isHere()) await renewTop(python);
    if (isHere()) drawNotes((call) => carrier(python, page, call));
  } catch {
    if (isHere()) say(FAILED);
  } finally {
    clearTimeout(slow);
  }
}

// Only now: what it fetches would share the line with what the first card needs.
const workOffline = () =>
  navigator.serviceWorker?.register(`${document.body.dataset.root}sw.js`).catch(() => {});

function begin() {
  const { own, kept } = document.body.dataset;
  const missing = missingHere();
  const python = missing ? null : asWorker(new URL(`${own}worker.js`, location.href));
  followTop((message, files) => carrier(python, document.body.dataset.page, SETTINGS_CALL, "settings")(message, files));
  if (missing) {
    say(missing);
    return workOffline();
  }
  if (kept !== undefined) return showKept(python, kept, say).finally(workOffline);
  followSteps();
  openWords();
  followLinks(() => {
    nearestStep();
    show(python);
  });
  return show(python).finally(workOffline);
}

begin();

// The browser's back button may bring back a page as it was before later answers.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
