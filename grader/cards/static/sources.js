// Where the sources differ: choose the nearest view, then read all of them side by side.
import { line, make } from "./dom.js";
import { betterWay } from "./feedback.js";
import { tickGroup } from "./ticks.js";

export function sourcesDiffer(view, id, changed) {
  const group = tickGroup({ view, id, changed, options: view.positions,
    hint: "Every answer is fine here. Good sources see this differently.",
    words: (position) => [position.text, make("span", { class: "al-source", text: position.source })] });

  function oneView(reason) {
    const position = view.positions.find((each) => each.id === reason.part);
    const mine = position.id === group.read();
    return make("section", { class: mine ? "al-view al-view-mine" : "al-view" },
      make("p", { class: "al-source", text: position.source }),
      make("h3", { text: position.text }),
      line(reason.text),
      mine ? make("p", { class: "al-nearest", text: "Nearest to how you see it" }) : null);
  }

  const tell = (result) => [
    make("div", { class: "al-views" }, ...result.reasons.filter((reason) => reason.part).map(oneView)),
    betterWay(result.reasons.filter((reason) => !reason.part).map((reason) => reason.text), "Holding them together"),
  ];

  return { ...group, tell, button: "See all views", empty: "Choose the view nearest to yours first." };
}
