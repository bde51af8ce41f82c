// A lesson as a page: draws its cards, and carries their messages to the host over HTTP.
import { draw } from "./cards.js";

const { root, page, token, watch } = document.body.dataset;

const encoded = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
const decoded = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

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

  // Without an answer of ours (a stopped course, another program at its address) it is lost.
  async send(message, _callbacks, files = []) {
    const reply = await fetch(`${root}cards`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRFToken": token },
      body: JSON.stringify({ page, call: this.call, message, files: files.map(encoded) }),
      cache: "no-store",
    });
    const { receipt, files: attached } = await reply.json();
    if (!receipt) throw new Error("no receipt");
    const buffers = attached.map(decoded);
    for (const listener of [...this.#listeners]) listener({ ...receipt, seq: message.seq }, buffers);
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
  for (const place of document.querySelectorAll(".al-live[data-call]")) {
    drawIn(place);
    await new Promise((resume) => setTimeout(resume));
  }
}

drawAll();

// The browser's back button may bring back a page as it was before later answers.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// An author's page: load again when the file has been saved.
async function follow() {
  for (;;) {
    try {
      const reply = await fetch(`${root}show/version`, { cache: "no-store" });
      if (reply.ok && (await reply.text()) !== watch) return location.reload();
    } catch {
      // The host is away for a moment; the next look may find it.
    }
    await new Promise((resume) => setTimeout(resume, 700));
  }
}

if (watch) follow();
