// Counts of acts: a table whose numbers are drawn as quiet bars as well.
import { make } from "./dom.js";

// How wide each bar is, in percent: the longest fills its place.
export function shares(counts) {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (100 * count) / most);
}

export function countTable(counts, caption) {
  const widths = shares(counts.map(([, count]) => count));
  return make("table", { class: "al-counts" },
    make("caption", { text: caption }),
    make("tbody", {}, ...counts.map(([label, count], at) =>
      make("tr", {},
        make("th", { scope: "row", text: label }),
        make("td", { class: "al-count", text: count }),
        make("td", { class: "al-count-bar", "aria-hidden": "true" },
          make("span", { style: `width: ${widths[at]}%` }))))));
}

// How the trainee has been replying in this module: a mirror, not a mark.
export const mirrorNode = (counts) =>
  make("details", { class: "al-mirror" },
    make("summary", { text: "Your style in this module so far" }),
    countTable(counts, "What your typed replies did, counted"),
    make("p", { class: "al-hint", text: "This is a mirror, not a mark. Each of these can fit, at its moment." }));
