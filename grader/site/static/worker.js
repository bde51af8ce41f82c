// Python in the browser: answers a page's messages, and keeps the trainee's folder.
//
// One lock holds the folder from reading it until what has changed is kept, in whichever tab.
import { SETTINGS } from "./settings.js";
import { checked } from "./signed.js";
import { Store } from "./store.js";

const HERE = new URL(".", import.meta.url);
const PYODIDE = new URL(SETTINGS.pyodide, HERE).href;
const HOME = `alongside:${new URL("../../", HERE).pathname}`; // one of each site of a host
const NOT_KEPT = "Your browser did not keep this. It may be full, or set to keep nothing.";
const KEPT = `${HOME}:${HERE.pathname.split("/").at(-2)}`; // by the version, as the service worker does
const CODE = "/alongside";
const store = new Store(HOME);
let known = -1; // the version of the folder that Python has in memory

// Large files are stored packed, so that any host sends them small. What came once is kept, for
// a day without a network; each version of a file has an address of its own.
async function unpacked(address, options) {
  const kept = await self.caches?.match(address).catch(() => null);
  const reply = kept ?? (await wire(address, options));
  if (!reply.ok) throw new Error(`${address} is not there`);
  if (!kept) keepFor(address, reply.clone());
  return reply.body.pipeThrough(new DecompressionStream("gzip"));
}
const keepFor = (address, reply) =>
  self.caches?.open(KEPT).then((cache) => cache.put(address, reply)).catch(() => {});
const wire = self.fetch.bind(self);
const PACKED = new Map([
  ["pyodide.asm.wasm", "application/wasm"],
  ["python_stdlib.zip", "application/zip"],
]);

// Pyodide asks for its files by their usual names and wants the right type, which hosts may not know.
self.fetch = async (address, options) => {
  const name = new URL(address.url ?? address, HERE).pathname.split("/").pop();
  if (!PACKED.has(name)) return wire(address, options);
  const body = await unpacked(new URL(`${name}.bin`, PYODIDE), options);
  return new Response(body, { headers: { "Content-Type": PACKED.get(name) } });
};

const packOf = async (name) => new Response(await unpacked(new URL(name, HERE))).arrayBuffer();

async function start() {
  const [course, { loadPyodide }] = await Promise.all([
    packOf(SETTINGS.course),
    import(`${PYODIDE}pyodide.js`),
  ]);
  const python = await loadPyodide({
    indexURL: PYODIDE, lockFileContents: JSON.stringify(SETTINGS.lock), packageBaseUrl: PYODIDE,
    env: { HOME: "/home", PYTHONDONTWRITEBYTECODE: "1" },
  });
  python.unpackArchive(course, "zip", { extractDir: CODE });
  python.runPython(`import sys; sys.path.insert(0, "${CODE}")`);
  const browser = python.pyimport("grader.site.browser").start(CODE, "/home/alongside");
  return { python, browser };
}

const running = start();
running.catch(() => {});

// What only typed words need comes after all that a first card needs.
const WORDS_MS = 200; // after the page, so that its cards are drawn first
let words;
function withWords() {
  words ??= running.then(async ({ python }) =>
    python.unpackArchive(await packOf(SETTINGS.words), "zip", { extractDir: CODE }));
  words.catch(() => { words = undefined; }); // to be tried again
  return words;
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
  await store.keep(written, gone, version);
  known = version;
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
      setTimeout(() => withWords().catch(() => {}), WORDS_MS);
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
  file: async ({ name }) => ({ content: await store.one(name) }),
};

self.onmessage = async ({ data: { id, act, ...asked } }) => {
  try {
    self.postMessage({ id, ...(await ACTS[act](asked)) });
  } catch (error) {
    self.postMessage({ id, failed: String(error) });
  }
};
