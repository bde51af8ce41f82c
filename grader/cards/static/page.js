// A lesson as a page: draws its cards, and carries their messages to the host over HTTP.
import { drawIn, pause } from "./place.js";

const { root, page, token, watch } = document.body.dataset;

const encoded = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
const decoded = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

// Without an answer of ours (a stopped course, another program at its address) it is lost.
const carrier = (call) => async (message, files) => {
  const reply = await fetch(`${root}cards`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-XSRFToken": token },
    body: JSON.stringify({ page, call, message, files: files.map(encoded) }),
    cache: "no-store",
  });
  const { receipt, files: attached } = await reply.json();
  if (!receipt) throw new Error("no receipt");
  return { receipt, files: attached.map(decoded) };
};

// A lesson from elsewhere may use our names of classes; facts stand in our own cards alone.
async function drawAll() {
  for (const place of document.querySelectorAll(".al-live[data-call]")) {
    const { call, facts } = place.dataset;
    drawIn(place, JSON.parse(facts), carrier(JSON.parse(call)));
    await pause();
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
