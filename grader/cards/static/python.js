// The page's end of the line to the worker that has Python, and what a browser needs for it.

const OLDER = "This browser cannot show the cards. You can read everything. To try cards, open this address in a newer browser.";
const FROM_DISK = "This page was opened from a folder. You can read everything. To try cards, open the course by its web address.";
const ENDED = "the worker ended";

// In plain words what is missing here, or nothing.
export function missingHere() {
  if (location.protocol === "file:") return FROM_DISK;
  const there = [self.WebAssembly, self.Worker, self.indexedDB, self.DecompressionStream, navigator.locks];
  return there.every(Boolean) ? "" : OLDER;
}

// A worker to ask: each question gets one answer, or an error.
export function asWorker(address) {
  const worker = new Worker(address, { type: "module" });
  const waiting = new Map();
  let asked = 0;
  let hasEnded = false;
  worker.onmessage = ({ data: { id, failed, ...answer } }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (failed) reject?.(new Error(failed));
    else resolve?.(answer);
  };
  worker.onerror = () => {
    hasEnded = true;
    for (const { reject } of waiting.values()) reject(new Error(ENDED));
    waiting.clear();
  };
  return {
    ask: (question, mostMs = 0) =>
      new Promise((resolve, reject) => {
        if (hasEnded) return reject(new Error(ENDED));
        const id = ++asked;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, ...question });
        if (mostMs) setTimeout(() => reject(new Error("no answer in time")), mostMs);
      }),
  };
}
