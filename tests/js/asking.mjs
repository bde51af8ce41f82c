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
