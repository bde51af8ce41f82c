// A lesson as a page: draws its cards, and carries their messages to the host over HTTP.
import { draw } from "./cards.js";
import { followSteps } from "./steps.js";

const { root, page, token, run, watch } = document.body.dataset;
const SIGNED_OUT = "This page is no longer signed in. Open the course again by its whole address.";
const MOVED = "This page is from an earlier start of the course. Please do not reload it. Open the course by its new address, in this same window.";

const encoded = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
const decoded = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

// Why nothing may be sent, or "" where the run answers that made this page. After it has ended,
// any program of this computer may listen at its port. A cookie would go along with whatever is
// sent, so no cookie can prove who is there; what only this run's pages were told does.
async function whyNot() {
  const reply = await fetch(`${root}cards`, { headers: { "X-XSRFToken": token }, cache: "no-store", redirect: "error" });
  if ([401, 403].includes(reply.status)) return SIGNED_OUT;
  const told = reply.ok ? await reply.json().catch(() => null) : null;
  return told?.run === run ? "" : MOVED;
}

// What a card asks of whoever holds its facts; in a notebook this is the widget's model.
class Model {
  #listeners = new Set();

  constructor(call, facts) {
    this.call = call;
    this.facts = facts;
  }

  get(name) {
    return this.facts[name];
  }

  on(_event, listener) {
    this.#listeners.add(listener);
  }

  off(_event, listener) {
    this.#listeners.delete(listener);
  }

  #tell(receipt, message, buffers = []) {
    for (const listener of [...this.#listeners]) listener({ ...receipt, seq: message.seq }, buffers);
  }

  // Without an answer of ours (a stopped course, another program at its address) it is lost.
  async send(message, _callbacks, files = []) {
    const why = await whyNot();
    if (why) return this.#tell({ type: "refused", why, moved: why === MOVED }, message);
    const reply = await fetch(`${root}cards`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRFToken": token },
      body: JSON.stringify({ page, call: this.call, message, files: files.map(encoded) }),
      cache: "no-store",
    });
    const { receipt, files: attached } = await reply.json();
    if (!receipt) throw new Error("no receipt");
    this.#tell(receipt, message, attached.map(decoded));
  }
}

function drawIn(place) {
  const { call, facts } = place.dataset;
  const drawn = document.createElement("div");
  draw(new Model(JSON.parse(call), JSON.parse(facts)), drawn);
  place.replaceChildren(drawn);
}

// One after the other, so that the first card can be used while the others are drawn.
// A lesson from elsewhere may use our names of classes; facts stand in our own cards alone.
async function drawAll() {
  const places = [...document.querySelectorAll(".al-live[data-call]")];
  const first = places.findIndex((place) => place.checkVisibility?.());
  for (const place of [...places.slice(first), ...places.slice(0, first)]) {
    drawIn(place);
    await new Promise((resume) => setTimeout(resume));
  }
}

followSteps();
drawAll();

// The browser's back button may bring back a page as it was before later answers.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// An author's page: load again when the file has been saved.
async function follow() {
  for (;;) {
    try {
      const reply = await fetch(`${root}show/version`, { cache: "no-store", redirect: "error" });
      const [answering, version] = (await reply.text()).split("\n");
      if (answering !== run) return; // not the run of this page: it is asked no more
      if (version !== watch) return location.reload();
    } catch {
      // The host is away for a moment; the next look may find it.
    }
    await new Promise((resume) => setTimeout(resume, 700));
  }
}

if (watch) follow();
