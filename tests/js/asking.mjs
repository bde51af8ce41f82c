// What tests ask of a site's worker without a page, and of the browser's storage.
window.begin = (address) => {
  window.worker = new Worker(new URL("worker.js", address), { type: "module" });
  const waiting = new Map();
  let count = 0;
  window.worker.onmessage = ({ data }) => waiting.get(data.id)(data);
  window.ask = (question) => new Promise((resolve) => {
    const id = ++count;
    waiting.set(id, resolve);
    window.worker.postMessage({ id, ...question });
  });
};
window.bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
window.text = (bytes) => btoa(Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join(""));
window.open_store = (name) => new Promise((resolve, reject) => {
  const request = indexedDB.open(name);
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
window.done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
window.kept = async (name) => {
  const database = await window.open_store(name);
  const files = database.transaction("files").objectStore("files");
  const [names, contents] = await Promise.all([window.done(files.getAllKeys()), window.done(files.getAll())]);
  database.close();
  return Object.fromEntries(names.map((one, at) => [one, window.text(contents[at])]));
};
window.put = async (name, files) => {
  const database = await window.open_store(name);
  const change = database.transaction(["files", "about"], "readwrite");
  const version = await window.done(change.objectStore("about").get("version")) ?? 0;
  change.objectStore("files").clear();
  for (const [path, content] of Object.entries(files)) change.objectStore("files").put(window.bytes(content), path);
  change.objectStore("about").put(version + 1, "version");
  await new Promise((resolve) => { change.oncomplete = resolve; });
  database.close();
};

// The same numbers between 0 and 1 for the same seed (mulberry32).
const diceOf = (seed) => {
  let at = seed;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

// Save answers one after the other and end the worker now and then in the middle of one; tell
// what is kept that was neither the last answer with a receipt nor the one on its way.
window.hurry = async (address, page, count, ends, seed) => {
  const dice = diceOf(seed);
  const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));
  const wrong = [];
  let ended = 0;
  const cards = window.choices.map(({ call, facts }) => ({ call, ids: facts.view.options.map(({ id }) => id), seen: null }));
  const send = (card, message) => window.ask({ act: "message", page, call: card.call, message, files: [] });
  for (let at = 0; at < count; at += 1) {
    const card = cards[Math.floor(dice() * cards.length)];
    const response = card.ids[Math.floor(dice() * card.ids.length)];
    const told = send(card, { type: "save", response, seen: card.seen });
    if (dice() >= ends) {
      const { receipt } = await told;
      if (receipt.type === "saved" && !receipt.not_saved) card.seen = response;
      else wrong.push(receipt);
      continue;
    }
    let isSaid = false;
    told.then(({ receipt }) => { isSaid = receipt.type === "saved" && !receipt.not_saved; });
    await pause(dice() * 30);
    window.worker.terminate();
    ended += 1;
    window.begin(address);
    const { receipt } = await send(card, { type: "open" });
    const allowed = isSaid ? [response] : [card.seen, response];
    if (!allowed.includes(receipt.response)) wrong.push([card.seen, response, receipt]);
    card.seen = receipt.response;
  }
  for (const card of cards) {
    const { receipt } = await send(card, { type: "open" });
    if (receipt.response !== card.seen) wrong.push([card.seen, receipt]);
  }
  return { wrong, ended };
};
