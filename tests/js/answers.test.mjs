// Answers as data: compared, counted, put in order and taken together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shares } from "../../grader/cards/static/counts.js";
import { arranged } from "../../grader/cards/static/order.js";
import { isBlank, same } from "../../grader/cards/static/response.js";
import { blocks } from "../../grader/cards/static/chat.js";

test("the order of keys says nothing, the order of a list does", () => {
  assert.ok(same({ a: 1, b: 2 }, { b: 2, a: 1 }));
  assert.ok(!same(["a", "b"], ["b", "a"]));
  assert.ok(!same([], {}));
  assert.ok(!same({ a: 1 }, { a: 2 }));
});

test("no answer is the same however it is said", () => {
  assert.ok(same(null, undefined));
  assert.ok(!same(null, ""));
});

test("what holds nothing is blank", () => {
  for (const response of [null, undefined, "", " \n", [], {}]) assert.ok(isBlank(response), JSON.stringify(response));
  for (const response of ["a", ["a"], { a: "b" }]) assert.ok(!isBlank(response), JSON.stringify(response));
});

test("the highest count fills its place, the others their share", () => {
  assert.deepEqual(shares([4, 1, 0]), [100, 25, 0]);
});

test("counts of nothing have no width", () => {
  assert.deepEqual(shares([0, 0]), [0, 0]);
  assert.deepEqual(shares([]), []);
});

test("a whole order fits and stays", () => {
  assert.deepEqual(arranged(["c", "a", "b"], ["a", "b", "c"]), { names: ["c", "a", "b"], fits: true });
});

test("without an answer the parts stand as they came, and nothing is settled", () => {
  assert.deepEqual(arranged(null, ["a", "b"]), { names: ["a", "b"], fits: false });
});

test("parts that are new stand last; those that are gone are left out", () => {
  assert.deepEqual(arranged(["b"], ["a", "b"]), { names: ["b", "a"], fits: false });
  assert.deepEqual(arranged(["b", "gone", "a"], ["a", "b"]), { names: ["b", "a"], fits: false });
});

test("lines in a row from one speaker are one block", () => {
  const lines = [["peer", "Noor"], ["peer", "Noor"], ["you", ""], ["peer", "Noor"]].map(([who, name], at) => ({ who, name, at }));
  assert.deepEqual(blocks(lines).map((block) => block.lines.map(({ at }) => at)), [[0, 1], [2], [3]]);
});

test("two peers in a row are two blocks", () => {
  const names = blocks([{ who: "peer", name: "Noor" }, { who: "peer", name: "Sam" }]).map(({ name }) => name);
  assert.deepEqual(names, ["Noor", "Sam"]);
});
