// What the cards say: numbers and amounts in words, and the words a text goes on from.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pointsWords } from "../../grader/cards/static/feedback.js";
import { letter } from "../../grader/cards/static/match.js";
import { leftWords } from "../../grader/cards/static/sort.js";
import { amount, newsOf } from "../../grader/cards/static/chat.js";
import { begun } from "../../grader/cards/static/typed.js";

const POINTS = { points: "2", max_points: "3" };

test("points are said as they are", () => {
  assert.equal(pointsWords(POINTS), "2 of 3 points");
});

test("suggested points leave the last word to a person", () => {
  assert.equal(pointsWords({ ...POINTS, suggested: true }), "About 2 of 3 points. A person can tell better.");
});

test("where the course is unsure it gives no points", () => {
  assert.equal(pointsWords({ ...POINTS, suggested: true, unsure: true }), "The course gives no points here.");
});

test("what a person reads first has no words on points at all", () => {
  assert.equal(pointsWords({ ...POINTS, unsure: true, read_first: true }), "");
});

test("practice says how far it is found, and nothing of points", () => {
  assert.equal(pointsWords({ ...POINTS, found: "3 of 6 fit so far" }), "3 of 6 fit so far");
  assert.equal(pointsWords({ ...POINTS, suggested: true, found: "" }), "");
});

test("what is new since one's own words is heard once, with what it changed", () => {
  const said = (who, name, text) => ({ who, name, text });
  const lines = [said("peer", "Noor", "Hello."), said("you", "You", "Good to see you."), said("peer", "Noor", "Hm."), said("note", "", "Go on.")];
  const changes = { trust: 1, feels_heard: 0, pressure: -1, own_ideas: 0 };
  assert.equal(newsOf({ lines, changes }), "Noor says: Hm. Go on. Trust is rising. Pressure is falling.");
});

test("partners are lettered from A", () => {
  assert.deepEqual([0, 1, 25].map(letter), ["A", "B", "Z"]);
});

test("what is left to place is counted down", () => {
  assert.deepEqual([2, 0].map(leftWords), ["2 left to place", "All placed"]);
});

test("every amount from 0 to 10 has words", () => {
  const words = Array.from({ length: 11 }, (_, value) => amount(value, 0));
  assert.deepEqual(words, ["none", "a little", "a little", "a little", "some", "some", "some",
    "a lot", "a lot", "a lot", "very much"]);
});

test("an amount says where it goes", () => {
  assert.equal(amount(5, 1), "some, rising");
  assert.equal(amount(5, -1), "some, falling");
});

test("a prompt begins an empty text, without its dots", () => {
  assert.equal(begun("", "I noticed …"), "I noticed ");
});

test("a prompt stands apart from what is written already", () => {
  assert.equal(begun("First.", "Next …"), "First.\n\nNext ");
  assert.equal(begun("First.\n", "Next"), "First.\nNext ");
});
