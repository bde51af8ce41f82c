// The files of a trainee's folder in the browser's own storage, each by its path.
//
// All files of one change are written together or not at all. ``version`` counts the changes,
// so that another tab sees that its copy is old.

const FILES = "files";
const ABOUT = "about";
const VERSION = "version";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const ended = (change) =>
  new Promise((resolve, reject) => {
    change.oncomplete = resolve;
    change.onabort = () => reject(change.error ?? new Error("not kept"));
  });

function opened(name) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of [FILES, ABOUT]) request.result.createObjectStore(store);
  };
  return done(request);
}

export class Store {
  #database;

  constructor(name) {
    this.name = name;
  }

  // Opened when it is asked for; a browser that allows none says so each time.
  async #ready() {
    this.#database ??= await opened(this.name);
    const forget = () => { this.#database = undefined; };
    this.#database.onclose = forget;
    this.#database.onversionchange = () => { this.#database?.close(); forget(); };
    return this.#database;
  }

  async version() {
    const database = await this.#ready();
    return (await done(database.transaction(ABOUT).objectStore(ABOUT).get(VERSION))) ?? 0;
  }

  async all() {
    const files = (await this.#ready()).transaction(FILES).objectStore(FILES);
    const [names, contents] = await Promise.all([done(files.getAllKeys()), done(files.getAll())]);
    return new Map(names.map((name, at) => [name, contents[at]]));
  }

  async one(name) {
    return done((await this.#ready()).transaction(FILES).objectStore(FILES).get(name));
  }

  // Resolves once the browser says that all of it is kept.
  async keep(written, gone, version) {
    const change = (await this.#ready()).transaction([FILES, ABOUT], "readwrite", { durability: "strict" });
    const files = change.objectStore(FILES);
    for (const [name, content] of written) files.put(content, name);
    for (const name of gone) files.delete(name);
    change.objectStore(ABOUT).put(version, VERSION);
    await ended(change);
  }
}
