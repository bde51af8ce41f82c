// Starts Python in a worker: anew, or from what it remembers of an earlier visit.
import { layOut } from "./files.js";
import { SETTINGS } from "./settings.js";

const HERE = new URL(".", import.meta.url);
export const HOME = `alongside:${new URL("../../", HERE).pathname}`; // one of each site of a host
export const PYODIDE = new URL(SETTINGS.pyodide, HERE).href;
export const KEPT = `${HOME}:${HERE.pathname.split("/").at(-2)}`; // by the version, as the service worker does
export const REMEMBERED = new URL("memory.bin", HERE).href;
const CODE = "/alongside";
const FOLDER = "/home/alongside";

// Large files are stored packed, so that any host sends them small. What came once is kept, for
// a day without a network; each version of a file has an address of its own.
async function unpacked(address, options) {
  const kept = await fromKept(address).catch(() => null);
  const reply = kept ?? (await wire(address, options));
  if (!reply.ok) throw new Error(`${address} is not there`);
  if (!kept) keep(address, reply.clone()).catch(() => {});
  return reply.body.pipeThrough(new DecompressionStream("gzip"));
}
// Some browsers fail at the very name of ``caches``, as in a private window.
const fromKept = async (address) => self.caches?.match(address);
const keep = async (address, reply) => (await self.caches?.open(KEPT))?.put(address, reply);
const wire = self.fetch.bind(self);
const pyodideFile = (name) => unpacked(new URL(`${name}.bin`, PYODIDE));
export const packOf = async (name) => new Response(await unpacked(new URL(name, HERE))).arrayBuffer();

// All that Python begins with is asked for at once: to ask one after the other takes longer.
const LIBRARY = "python_stdlib.zip";
const SCRIPT = "pyodide.asm.js";
const early = new Map([LIBRARY, SCRIPT].map((name) => [name, pyodideFile(name)]));
for (const file of early.values()) file.catch(() => {}); // said where it is used
function come(name) {
  const file = early.get(name) ?? pyodideFile(name);
  early.delete(name); // it can be read once
  return file;
}

// Machine code is made while all the rest still comes. The course comes after it, on a line that
// both would share: it is needed later.
let codeIsHere;
const afterCode = new Promise((resolve) => { codeIsHere = resolve; });
const compiled = pyodideFile("pyodide.asm.wasm").then((body) => {
  const noted = body.pipeThrough(new TransformStream({ flush: () => codeIsHere() }));
  return WebAssembly.compileStreaming(new Response(noted, { headers: { "Content-Type": "application/wasm" } }));
});
compiled.catch(() => codeIsHere()); // said where it is used
WebAssembly.instantiateStreaming = async (_file, needs) => {
  const module = await compiled;
  return { module, instance: await WebAssembly.instantiate(module, needs) };
};

// Pyodide asks for its files by their usual names.
self.fetch = async (address, options) => {
  const name = new URL(address.url ?? address, HERE).pathname.split("/").pop();
  if (name === "pyodide.asm.wasm") return new Response(); // it is on its way already
  return name === LIBRARY ? new Response(await come(name)) : wire(address, options);
};

// Its own script is the one that a host may send at five times the size; it is there as it is,
// too, for a host with stricter rules than ours.
async function creator() {
  const type = "text/javascript";
  const code = await new Response(await come(SCRIPT), { headers: { "Content-Type": type } }).blob();
  const address = URL.createObjectURL(code);
  const module = await import(address).catch(() => import(`${PYODIDE}${SCRIPT}`));
  URL.revokeObjectURL(address);
  return module.default;
}

// Python's own memory begins small: it has to be as large as what was remembered.
const roomy = (create, size) => async (settings) => {
  const made = await create(settings);
  if (made.HEAP8.length < size) made.growMemory(size);
  return made;
};

const NEW = `import sys; sys.path.insert(0, "${CODE}")`;
// What differs from visit to visit, and was remembered.
const AGAIN = `
import random, sys
for path in [path for path in sys.path_importer_cache if path.startswith("${CODE}")]:
    del sys.path_importer_cache[path]
random.seed()
`;

export const begun = (python) => python.pyimport("grader.site.browser").start(CODE, FOLDER);
export const layIn = (python, pack) => layOut(python.FS, pack, CODE);

// ``isToBeKept`` lets Python's memory be kept later on.
export async function start(remembered, isToBeKept = false) {
  const way = remembered ? { _loadSnapshot: remembered } : { _makeSnapshot: isToBeKept };
  const course = (remembered ? Promise.resolve() : afterCode).then(() => packOf(SETTINGS.course));
  course.catch(() => {}); // said below
  const [create, { loadPyodide }] = await Promise.all([creator(), import(`${PYODIDE}pyodide.js`), compiled]);
  const python = await loadPyodide({
    indexURL: PYODIDE, lockFileContents: JSON.stringify(SETTINGS.lock), packageBaseUrl: PYODIDE,
    env: { HOME: "/home", PYTHONDONTWRITEBYTECODE: "1" },
    createPyodideModule: roomy(create, remembered?.length ?? 0),
    ...way,
  });
  layIn(python, await course);
  python.runPython(remembered ? AGAIN : NEW);
  return { python, browser: begun(python) };
}
