// A lesson as a page: draws its cards, and carries their messages to the host over HTTP.
import { followPause } from "./pause.js";
import { drawIn, pause } from "./place.js";
import { SETTINGS_CALL } from "./settings.js";
import { drawNotes } from "./step_notes.js";
import { followSteps, shownFirst } from "./steps.js";
import { followTop } from "./top.js";
import { lockWith } from "./vault.js";
import { openWords } from "./word_in_place.js";

const { root, page, token, run, watch } = document.body.dataset;
const SIGNED_OUT = "This page is no longer signed in. Open the course again by its whole address.";
const MOVED = "This page is from an earlier start of the course. Please do not reload it. Open the course by its new address, and copy your words there.";

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

// Without an answer of ours (a stopped course, another program at its address) it is lost.
const carrier = (call) => async (message, files) => {
  const why = await whyNot();
  if (why) return { receipt: { type: "refused", why, moved: why === MOVED }, files: [] };
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

// Until what is drawn can be seen; a window that nobody looks at shows no frames.
const seen = () => new Promise((resume) => {
  requestAnimationFrame(() => setTimeout(resume));
  setTimeout(resume, 100);
});

// A lesson from elsewhere may use our names of classes; facts stand in our own cards alone.
async function drawAll() {
  await lockWith(run);
  const places = shownFirst(document.querySelectorAll(".al-live[data-call]"));
  for (const place of places) {
    const { call, facts } = place.dataset;
    drawIn(place, JSON.parse(facts), carrier(JSON.parse(call)));
    await (place === places[0] ? seen() : pause());
  }
  drawNotes(carrier);
}

followTop(carrier(SETTINGS_CALL));
followSteps();
followPause();
openWords();
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
