// Feedback on an answer: how it went, why, and another way to say it.
import { mirrorNode } from "./counts.js";
import { inner, line, make, quiet, row } from "./dom.js";

// Practice says how far it is found, and marks stay for where work is marked.
export function pointsWords(result) {
  if (result.found !== undefined) return result.found;
  const points = `${result.points} of ${result.max_points} points`;
  if (result.unsure) return result.read_first ? "" : "The course gives no points here.";
  return result.suggested ? `About ${points}. A person can tell better.` : points;
}

export function headline(result) {
  const words = pointsWords(result);
  return [
    make("h3", { class: "al-headline", text: result.headline }),
    words ? make("p", { class: "al-points", text: words }) : null,
  ].filter(Boolean);
}

// Feedback with a sign and a tint beside its word, for those who look first.
export const signed = (fits, ...nodes) =>
  make("div", { class: `al-verdict ${fits ? "al-fits" : "al-elsewhere"}` }, ...nodes);

// A first try may be sent back to the scene; the reasons are there for the asking.
const nudgeNodes = ({ headline: words, nudge }, { again, why }) => [signed(false,
  make("h3", { class: "al-headline", text: words }), line(nudge),
  row(quiet("Try again", again), quiet("Show me why", why)))];

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
    make("li", {}, quote ? make("q", { dir: "auto", text: inner(quote) }) : null, make("span", { text }))));

export const betterWay = (texts, label = "Another way to say it") =>
  make("div", { class: "al-better" }, make("p", { class: "al-label", text: label }), ...texts.map(line));

// A kind may word its own feedback (``tell``), or call the better way by another name (``better``).
export function feedbackNodes(result, { tell = verdict, better }, ways) {
  if (result.nudge) return nudgeNodes(result, ways);
  return [
    ...tell(result, better),
    result.mirror ? mirrorNode(result.mirror) : null,
  ].filter(Boolean);
}
