// Python in the browser: answers a page's messages, and keeps the trainee's folder.
//
// One lock holds the folder from reading it until what has changed is kept, in whichever tab.
import { layOut } from "./files.js";
import { Memory } from "./memory.js";
import { SETTINGS } from "./settings.js";
import { withDoubts } from "./signed.js";
import { Store } from "./store.js";

const HERE = new URL(".", import.meta.url);
const PYODIDE = new URL(SETTINGS.pyodide, HERE).href;
const HOME = `alongside:${new URL("../../", HERE).pathname}`; // one of each site of a host
const NOT_KEPT = "Your browser did not keep this. It may be full, or set to keep nothing.";
const KEPT = `${HOME}:${HERE.pathname.split("/").at(-2)}`; // by the version, as the service worker does
const CODE = "/alongside";
const FOLDER = "/home/alongside";
const store = new Store(HOME);
const memory = new Memory(KEPT, new URL("memory.bin", HERE).href, PYODIDE);
let known = -1; // the version of the folder that Python has in memory
let isNew = true; // whether Python has seen nothing of the learner's yet

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

const NEW = `import sys; sys.path.insert(0, "${CODE}")`;
// What differs from visit to visit, and was remembered.
const AGAIN = `
import random, sys
for path in [path for path in sys.path_importer_cache if path.startswith("${CODE}")]:
    del sys.path_importer_cache[path]
random.seed()
`;

// Python's own memory begins small: it has to be as large as what was remembered.
const roomy = (create, size) => async (settings) => {
  const made = await create(settings);
  if (made.HEAP8.length < size) made.growMemory(size);
  return made;
};

async function goingOn(remembered) {
  const { default: create } = await import(`${PYODIDE}pyodide.asm.js`);
  return { _loadSnapshot: remembered, createPyodideModule: roomy(create, remembered.length) };
}

async function start(remembered) {
  const [course, { loadPyodide }, way] = await Promise.all([
    packOf(SETTINGS.course),
    import(`${PYODIDE}pyodide.js`),
    remembered ? goingOn(remembered) : { _makeSnapshot: true },
  ]);
  const python = await loadPyodide({
    indexURL: PYODIDE, lockFileContents: JSON.stringify(SETTINGS.lock), packageBaseUrl: PYODIDE,
    env: { HOME: "/home", PYTHONDONTWRITEBYTECODE: "1" },
    ...way,
  });
  layOut(python.FS, course, CODE);
  python.runPython(remembered ? AGAIN : NEW);
  return { python, browser: begun(python), remembers: Boolean(remembered) };
}

const begun = (python) => python.pyimport("grader.site.browser").start(CODE, FOLDER);

async function startAnew() {
  await memory.forget();
  return start();
}

const running = memory.take().then((remembered) =>
  remembered ? start(remembered).catch(startAnew) : start());
running.catch(() => {});

// Let Python show a page to somebody new, and remember it so: what it reads for that, the
// learner's own page needs as well. Kept once the cards are drawn.
function remember(host, asked) {
  if (host.remembers || !isNew) return;
  host.remembers = true;
  try {
    host.browser.page(JSON.stringify(asked));
    host.browser.destroy();
    const made = host.python.makeMemorySnapshot();
    setTimeout(() => memory.keep(made).catch(() => {}), KEEP_MS);
  } catch {
    // A page of what was typed needs words; the next visit starts anew.
  }
  host.browser = begun(host.python);
}

// What only typed words need comes after all that a first card needs.
const WORDS_MS = 200; // after the page, so that its cards are drawn first
const KEEP_MS = 1000;
let words;
function withWords() {
  words ??= running.then(async ({ python }) =>
    layOut(python.FS, await packOf(SETTINGS.words), CODE));
  words.catch(() => { words = undefined; }); // to be tried again
  return words;
}
// What is picked needs no words: it is never kept waiting for them.
const PICKED = new Set(["choice", "choices", "order", "sort", "match", "spot", "rating", "sources_differ"]);

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
    isNew = false;
    try {
      await pull(host);
    } catch {
      known = -1; // nothing can be read: it is that of a new learner
    }
    const result = act(host);
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
    remember(await running, asked);
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
    const { receipt, claims, files: attached, kept } = await withHome(({ python, browser }) => {
      const brought = python.toPy(files.map((each) => new Uint8Array(each)));
      const told = browser.message(JSON.stringify(asked), brought);
      const [text, given] = told.toJs();
      told.destroy();
      brought.destroy();
      return { receipt: JSON.parse(text), claims: JSON.parse(browser.claims(text)), files: given };
    });
    const said = honest(receipt, kept);
    const given = said === receipt || said.type === "saved" ? attached : [];
    return { receipt: said === receipt ? await withDoubts(said, claims) : said, files: given };
  },
  file: async ({ name }) => ({ content: await store.one(name) }),
};

self.onmessage = async ({ data: { id, act, ...asked } }) => {
  try {
    self.postMessage({ id, ...(await ACTS[act](asked)) });
  } catch (error) {
    await memory.forget(); // it may be to blame: the next visit starts anew
    self.postMessage({ id, failed: String(error) });
  }
};
