// What was typed and not saved: a later page of the same run has it, and nobody else can read it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const RUN = "0123456789abcdef0123456789abcdef";
const WORDS = { response: "Only for me", seen: null };

// As in a browser: what is kept stands as fields, the ways to it do not.
class Storage {
  getItem(key) { return this[key] ?? null; }
  setItem(key, value) { this[key] = value; }
  removeItem(key) { delete this[key]; }
}

let pages = 0;
// A page that is loaded has a memory of its own.
async function page(run) {
  const loaded = await import(`../../grader/cards/static/vault.js?page=${++pages}`);
  if (run) await loaded.lockWith(run);
  return loaded.vault;
}
const written = async () => {
  for (let turn = 0; turn < 50 && !Object.keys(sessionStorage).length; turn += 1) {
    await new Promise((resume) => setTimeout(resume, 5));
  }
};

beforeEach(() => {
  globalThis.sessionStorage = new Storage();
});

test("a later page of the same run has the words", async () => {
  (await page(RUN)).set("a", WORDS);
  await written();
  assert.deepEqual((await page(RUN)).get("a"), WORDS);
});

test("the words stand nowhere to be read", async () => {
  (await page(RUN)).set("a", WORDS);
  await written();
  const [text] = Object.values(sessionStorage);
  assert.doesNotMatch(text, /Only|response/);
  assert.doesNotMatch(text.split(" ").map(atob).join(""), /Only|response/);
});

test("another run has nothing of it, and throws it away", async () => {
  (await page(RUN)).set("a", WORDS);
  await written();
  assert.equal((await page(RUN.replace("0", "1"))).get("a"), null);
  assert.deepEqual(Object.keys(sessionStorage), []);
});

test("without a run the words stand in memory alone", async () => {
  const vault = await page();
  vault.set("a", WORDS);
  await new Promise((resume) => setTimeout(resume, 50));
  assert.deepEqual(vault.get("a"), WORDS);
  assert.deepEqual(Object.keys(sessionStorage), []);
});

test("what an older course left as plain text is thrown away", async () => {
  sessionStorage.setItem("alongside:draft:a", JSON.stringify(WORDS));
  sessionStorage.setItem("other", "of somebody else");
  await page(RUN);
  assert.deepEqual(Object.keys(sessionStorage), ["other"]);
});

test("the newest words count, and what is removed stays away", async () => {
  const vault = await page(RUN);
  for (const response of ["a", "ab", "abc"]) vault.set("a", { response });
  vault.set("b", WORDS);
  vault.remove("b");
  await new Promise((resume) => setTimeout(resume, 50));
  assert.deepEqual(Object.keys(sessionStorage), ["alongside:a"]);
  assert.deepEqual((await page(RUN)).get("a"), { response: "abc" });
  vault.clear();
  assert.deepEqual(Object.keys(sessionStorage), []);
});
