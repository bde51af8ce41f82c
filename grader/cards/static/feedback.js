// Feedback on an answer: how it went, why, and another way to say it.
import { mirrorNode } from "./counts.js";
import { line, make } from "./dom.js";

export function pointsWords(result) {
  const points = `${result.points} of ${result.max_points} points`;
  if (result.unsure) return result.read_first ? "" : "The course gives no points here.";
  return result.suggested ? `About ${points}. A person can tell better.` : points;
}

export const headline = (result) => [
  make("h3", { class: "al-headline", text: result.headline }),
  make("p", { class: "al-points", text: pointsWords(result) }),
];

// What most kinds say; reasons that belong to a part stand at that part already.
function verdict(result, better) {
  const reasons = result.reasons.filter((reason) => !reason.part);
  return [
    ...headline(result),
    reasons.length ? reasonList(reasons) : null,
    result.better ? betterWay([result.better], better) : null,
  ];
}

export const reasonList = (reasons) =>
  make("ul", { class: "al-reasons" }, ...reasons.map(({ quote, text }) =>
    make("li", {}, quote ? make("q", { text: quote }) : null, make("span", { text }))));

export const betterWay = (texts, label = "Another way to say it") =>
  make("div", { class: "al-better" }, make("p", { class: "al-label", text: label }), ...texts.map(line));

// A kind may word its own feedback (``tell``), or call the better way by another name (``better``).
export function feedbackNodes(result, { tell = verdict, better }) {
  return [
    ...tell(result, better),
    result.mirror ? mirrorNode(result.mirror) : null,
  ].filter(Boolean);
}
