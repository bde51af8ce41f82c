// Looking back at a conversation that has ended: what it did, and one thing to try next.
import { countTable } from "./counts.js";
import { inner, line, make } from "./dom.js";
import { betterWay, reasonList } from "./feedback.js";

const moments = (title, list) => list.length === 0 ? [] : [
  make("h3", { text: title }),
  reasonList(list.map(({ text, why }) => ({ quote: text, text: why }))),
];

export function lookBack(back, peer) {
  const { shown, said, better } = back.next;
  return [
    ...(shown ? [line(shown)] : []),
    ...moments(`What opened ${peer} up`, back.opened),
    ...moments(`What made it harder for ${peer}`, back.closed),
    make("h3", { text: "What you did" }),
    countTable(back.counts, "Your turns, counted by what they do"),
    ...(better ? [
      make("h3", { text: "One thing to try next" }),
      make("p", { class: "al-hint", dir: "auto", text: `You said: “${inner(said)}”` }),
      betterWay([better]),
    ] : []),
  ];
}
