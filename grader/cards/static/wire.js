// Messages to the host of a card, each with a receipt, and drafts for answers that have none yet.
import { vault } from "./vault.js";

export const RECEIPT_MS = 3000; // without a receipt by then, the answer counts as not saved
export const TYPING_PAUSE_MS = 500; // after which typed words are sent
let messages = 0;

// Send a message and resolve with the host's receipt; reject when none comes in time.
export function ask(model, message, waitMs = RECEIPT_MS, bytes = []) {
  const seq = ++messages;
  return new Promise((resolve, reject) => {
    const done = (settle, value) => {
      clearTimeout(timer);
      model.off("msg:custom", listen);
      settle(value);
    };
    const listen = (reply, buffers) => {
      if (reply.seq === seq) done(resolve, { ...reply, buffers });
    };
    const timer = setTimeout(() => done(reject, new Error("no receipt")), waitMs);
    model.on("msg:custom", listen);
    const lost = (error) => done(reject, error);
    try {
      Promise.resolve(model.send({ ...message, seq }, undefined, bytes)).catch(lost);
    } catch (error) {
      lost(error);
    }
  });
}

// Drafts live in this tab only, until the host has them; a later run has another address, and
// so finds none of them.
export function drafts(model, name = "draft") {
  const key = `${name}:${model.get("record")}:${model.get("view").id}`;
  return {
    keep: (draft) => vault.set(key, draft),
    take: () => vault.get(key),
    drop: () => vault.remove(key),
  };
}

// What is to be done before a page is put away: it may not come back.
export const whenHidden = (act) =>
  document.addEventListener("visibilitychange", () => { if (document.hidden) act(); });

// Words that are typed and not said yet: the host keeps them too, when typing pauses or ends.
export function jotter(model) {
  const here = drafts(model, "jotted");
  let timer;
  let waiting = null; // what the host has not been told
  function flush() {
    clearTimeout(timer);
    const words = waiting;
    waiting = null;
    if (words) ask(model, { type: "jot", words }).catch(() => {}); // they stand in the box
  }
  whenHidden(flush);
  return {
    take: here.take,
    flush,
    keep(words) {
      here.keep(words);
      waiting = words;
      clearTimeout(timer);
      timer = setTimeout(flush, TYPING_PAUSE_MS);
    },
    drop() {
      waiting = null;
      here.drop();
    },
  };
}

// One question of a card that holds several: it has facts of its own, and shares the wire.
export const shareWire = (model, facts) => ({
  get: (name) => facts[name],
  on: (...listener) => model.on(...listener),
  off: (...listener) => model.off(...listener),
  send: (message) => model.send({ ...message, of: facts.of }),
});
