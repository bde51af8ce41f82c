// Python in the browser: answers a page's messages, and keeps the trainee's folder.
//
// One lock holds the folder from reading it until what has changed is kept, in whichever tab.
import { Memory } from "./memory.js";
import { SETTINGS } from "./settings.js";
import { checked } from "./signed.js";
import { HOME, KEPT, layIn, PYODIDE, packOf, REMEMBERED, start } from "./start.js";
import { Store } from "./store.js";

const NOT_KEPT = "Your browser did not keep this. It may be full, or set to keep nothing.";
const store = new Store(HOME);
const memory = new Memory(KEPT, REMEMBERED, PYODIDE);
let known = -1; // the version of the folder that Python has in memory

async function startAnew() {
  await memory.forget();
  return start();
}

const running = memory.take().then((remembered) =>
  remembered ? start(remembered).catch(startAnew) : start());
running.catch(() => {});

// Once the cards are live and at rest, another worker makes what later visits go on from.
const REST_MS = 3000;
let shown; // the page that is asked for first
let resting;
let hasRemembered = false;
async function remember() {
  hasRemembered = true;
  if (!(await memory.isWanted())) return;
  const maker = new Worker(new URL("remember.js", import.meta.url), { type: "module" });
  maker.onerror = (event) => event.preventDefault(); // the next visit starts anew
  maker.postMessage(shown);
}
function rest() {
  clearTimeout(resting);
  if (shown && !hasRemembered) resting = setTimeout(() => remember().catch(() => {}), REST_MS);
}

// What only typed words need comes after all that a first card needs.
const WORDS_MS = 200; // after the page, so that its cards are drawn first
let words;
function withWords() {
  words ??= running.then(async ({ python }) =>
    layIn(python, await packOf(SETTINGS.words)));
  words.catch(() => { words = undefined; }); // to be tried again
  return words;
}
async function afterCards(asked) {
  await withWords().catch(() => {});
  shown ??= asked;
  rest();
}
// What is picked needs no words: it is never kept waiting for them.
const PICKED = new Set(["choice", "choices", "order", "sort", "match", "spot", "rating", "sources_differ", "settings"]);

async function pull({ python, browser }) {
  const version = await store.version();
  if (version === known) return;
  const files = python.toPy(await store.all());
  browser.take(files);
  files.destroy();
  known = version;
}

// Keep what has changed; where that fails, memory is read again the next time.
async function flush({ browser }) {
  const told = browser.changed();
  const [written, gone] = told.toJs();
  told.destroy();
  if (!written.length && !gone.length) return;
  const version = known + 1;
  known = -1;
  await keepFirst(written, gone, version);
  known = version;
}

// Answers come first: where the browser is full, they get the room of what is only for speed.
async function keepFirst(...change) {
  try {
    await store.keep(...change);
  } catch (error) {
    if (!(await memory.forget())) throw error;
    await store.keep(...change);
  }
}

// Do something with the folder, and tell whether what it changed is kept.
function withHome(act) {
  return navigator.locks.request(HOME, async () => {
    const host = await running;
    try {
      await pull(host);
    } catch {
      known = -1; // nothing can be read: it is that of a new learner
    }
    const result = await act(host);
    try {
      await flush(host);
      return { ...result, kept: true };
    } catch {
      return { ...result, kept: false };
    }
  });
}

// A receipt must not say more than the browser does.
function honest(receipt, kept) {
  if (kept || receipt.type === "state" || receipt.type === "refused") return receipt;
  if (receipt.type === "saved") return { ...receipt, not_saved: NOT_KEPT };
  return { type: "refused", why: NOT_KEPT, lines: [NOT_KEPT], seq: receipt.seq };
}

const ACTS = {
  ready: async () => {
    await running;
    return {};
  },
  async page(asked) {
    const pieces = () => withHome(({ browser }) => JSON.parse(browser.page(JSON.stringify(asked))));
    try {
      return await pieces();
    } catch {
      await withWords(); // a page of what was typed
      return pieces();
    } finally {
      setTimeout(() => afterCards(asked), WORDS_MS);
    }
  },
  async message({ files, kind, ...asked }) {
    if (!PICKED.has(kind)) await withWords();
    const { receipt, files: attached, kept } = await withHome(async ({ python, browser }) => {
      const brought = python.toPy(files.map((each) => new Uint8Array(each)));
      const question = JSON.stringify(asked);
      const found = await checked(JSON.parse(browser.to_prove(question, brought)));
      const told = browser.message(question, brought, JSON.stringify(found));
      const [text, given] = told.toJs();
      told.destroy();
      brought.destroy();
      return { receipt: JSON.parse(text), files: given };
    });
    const said = honest(receipt, kept);
    const given = said === receipt || said.type === "saved" ? attached : [];
    return { receipt: said, files: given };
  },
  top: async () => JSON.parse((await running).browser.top()),
  file: async ({ name }) => ({ content: await store.one(name) }),
};

self.onmessage = async ({ data: { id, act, ...asked } }) => {
  rest();
  try {
    self.postMessage({ id, ...(await ACTS[act](asked)) });
  } catch (error) {
    await memory.forget(); // it may be to blame: the next visit starts anew
    self.postMessage({ id, failed: String(error) });
  }
};
