// Messages and their receipts, and drafts, with a stand-in for the kernel.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { TYPING_PAUSE_MS, ask, drafts, jotter, shareWire } from "../../grader/cards/static/wire.js";
import { lockWith, vault } from "../../grader/cards/static/vault.js";

class Kernel {
  listeners = new Set();
  sent = [];
  on(_, listener) { this.listeners.add(listener); }
  off(_, listener) { this.listeners.delete(listener); }
  send(message, _, buffers) { this.sent.push({ message, buffers }); }
  answer(reply, buffers) { for (const listener of [...this.listeners]) listener(reply, buffers); }
}

const FACTS = { record: "practice/07", view: { id: "advice-1" } };
const model = { get: (name) => FACTS[name] };

// As in a browser: what is kept stands as fields, the ways to it do not.
class Storage {
  getItem(key) { return this[key] ?? null; }
  setItem(key, value) { this[key] = value; }
  removeItem(key) { delete this[key]; }
}

beforeEach(() => {
  vault.clear();
  globalThis.sessionStorage = new Storage();
});

test("each message gets its own receipt, whichever comes first", async () => {
  const kernel = new Kernel();
  const [one, two] = [ask(kernel, { type: "one" }), ask(kernel, { type: "two" })];
  const [first, second] = kernel.sent.map(({ message }) => message.seq);
  kernel.answer({ seq: second, type: "second" });
  kernel.answer({ seq: first, type: "first" }, ["bytes"]);
  assert.deepEqual(await one, { seq: first, type: "first", buffers: ["bytes"] });
  assert.equal((await two).type, "second");
  assert.equal(kernel.listeners.size, 0);
});

test("bytes go along with a message", async () => {
  const kernel = new Kernel();
  const asked = ask(kernel, { type: "bundle" }, 1000, ["bytes"]);
  kernel.answer({ seq: kernel.sent[0].message.seq });
  await asked;
  assert.deepEqual(kernel.sent[0].buffers, ["bytes"]);
});

test("no receipt in time is a failure, and nobody listens any longer", async () => {
  const kernel = new Kernel();
  await assert.rejects(ask(kernel, { type: "save" }, 5), /no receipt/);
  assert.equal(kernel.listeners.size, 0);
});

test("a message that cannot be sent is a failure at once", async () => {
  const kernel = new Kernel();
  kernel.send = () => { throw new Error("the wire is cut"); };
  await assert.rejects(ask(kernel, { type: "save" }), /the wire is cut/);
  assert.equal(kernel.listeners.size, 0);
});

test("a draft is kept until it is dropped, each name apart", () => {
  const [draft, jotted] = [drafts(model), drafts(model, "jotted")];
  draft.keep({ response: "a" });
  assert.deepEqual(draft.take(), { response: "a" });
  assert.equal(jotted.take(), null);
  draft.drop();
  assert.equal(draft.take(), null);
});

test("storage that is switched off leaves the draft to this page alone", async () => {
  globalThis.sessionStorage = new Proxy({}, { get: () => { throw new Error("off"); } });
  await lockWith("ab".repeat(16));
  const draft = drafts(model);
  draft.keep({ response: "a" });
  assert.deepEqual(draft.take(), { response: "a" });
  draft.drop();
  assert.equal(draft.take(), null);
});

const typing = (kernel) => jotter(Object.assign(kernel, { get: (name) => FACTS[name] }));
const words = (text) => ({ turn: "t2", text });
const told = (kernel) => kernel.sent.map(({ message }) => message.words.text);

test("words not said yet are told once typing pauses, and at once when a page is put away", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let hide;
  globalThis.document = { hidden: true, addEventListener: (_, act) => { hide = act; } };
  const kernel = new Kernel();
  const jots = typing(kernel);
  jots.keep(words("Wh"));
  jots.keep(words("What"));
  assert.deepEqual(told(kernel), []);
  t.mock.timers.tick(TYPING_PAUSE_MS);
  assert.deepEqual(told(kernel), ["What"]);
  jots.flush(); // nothing is new
  jots.keep(words("What would"));
  hide();
  assert.deepEqual(told(kernel), ["What", "What would"]);
  t.mock.timers.tick(TYPING_PAUSE_MS);
  assert.equal(kernel.sent.length, 2);
});

test("words that are said meanwhile are told no more", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = { addEventListener: () => {} };
  const kernel = new Kernel();
  const jots = typing(kernel);
  jots.keep(words("What"));
  jots.drop();
  t.mock.timers.tick(TYPING_PAUSE_MS);
  assert.deepEqual(kernel.sent, []);
  assert.equal(jots.take(), null);
});

test("a question that shares the wire says which it is, and has facts of its own", () => {
  const kernel = new Kernel();
  const shared = shareWire(kernel, { of: "q2", label: "Second" });
  shared.send({ type: "open" });
  assert.deepEqual(kernel.sent[0].message, { type: "open", of: "q2" });
  assert.equal(shared.get("label"), "Second");
});
