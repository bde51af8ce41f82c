// What is in reach on every page, without a page: the breath, a voice, and the parts that are read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { offlineVoices, pieces } from "../../grader/cards/static/aloud.js";
import { breathAt } from "../../grader/cards/static/breath.js";
import { known } from "../../grader/cards/static/settings.js";

test("a breath goes out for longer than it comes in, and each second counts", () => {
  const round = [...Array(11).keys()].map(breathAt);
  assert.deepEqual(round.map(({ count }) => count), [1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 1]);
  assert.deepEqual([0, 3, 4, 9, 10].map((at) => round[at].words),
    ["Breathe in", "Breathe in", "Breathe out", "Breathe out", "Breathe in"]);
});

test("only English voices that need no network read aloud, the device's own choice first", () => {
  const voices = [
    { name: "far", lang: "en-US", localService: false, default: true },
    { name: "near", lang: "en_GB", localService: true, default: false },
    { name: "own", lang: "EN-IE", localService: true, default: true },
    { name: "other", lang: "end", localService: true, default: false },
    { name: "nah", lang: "de-DE", localService: true, default: false },
  ];
  assert.deepEqual(offlineVoices(voices).map(({ name }) => name), ["own", "near"]);
});

test("text is read in sentences, and nothing of it is lost", () => {
  const text = "How  are you?\nTea is ready … “Come in.” 3.5 hours";
  assert.equal(pieces(text).join(""), "How are you?Tea is ready …“Come in.”3.5 hours");
  assert.deepEqual(pieces("a bb ccc dddd", 6), ["a bb", "ccc", "dddd"]);
  assert.deepEqual(pieces("aaaaaaaa", 3), ["aaa", "aaa", "aa"]);
  assert.deepEqual(pieces(" \n"), []);
});

test("of what a browser kept, only what a page can be told is taken", () => {
  assert.deepEqual(known({ text: "large", theme: 3, paused: "x", other: "y" }), { text: "large" });
  for (const odd of [null, undefined, 3, "large", []]) assert.deepEqual(known(odd), {});
});
