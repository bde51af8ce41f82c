// The situation of a question; a hard story waits until the trainee opens one version.
import { make, quiet, row } from "./dom.js";
import { portrait } from "./portrait.js";

function stemNodes(stem) {
  const nodes = [];
  if (stem.setting) nodes.push(make("p", { class: "al-setting", text: stem.setting }));
  if (stem.says)
    nodes.push(
      make("figure", { class: "al-says" }, portrait(stem.speaker),
        make("figcaption", { text: `${stem.speaker} says` }),
        make("blockquote", { text: stem.says })));
  return nodes;
}

// A hard story stays closed, and the replies to it, until the trainee opens one version. Which one
// is open stands at the node: an answer says to which it was given.
export function situation(view, practice, opened) {
  const story = make("div", { class: "al-story", tabindex: "-1" });
  if (!view.content_note) {
    story.append(...stemNodes(view.stem));
    opened();
    return story;
  }
  const show = (stem) => {
    opened();
    story.dataset.version = stem === view.stem ? "first" : "gentle";
    const other = stem === view.stem ? view.gentle : view.stem;
    const words = stem === view.stem ? "Show a gentler version" : "Show the first version";
    story.replaceChildren(...stemNodes(stem),
      make("p", {}, quiet(words, () => { show(other); story.focus(); })));
  };
  story.append(
    make("p", { class: "al-note" }, make("strong", { text: "Before you read: " }), view.content_note),
    row(
      quiet("Show the story", () => { show(view.stem); story.focus(); }),
      quiet("Show a gentler version", () => { show(view.gentle); story.focus(); })),
    make("p", { class: "al-hint al-after", text: practice
      ? "Choose either one. You can also leave this card out."
      : "Both versions count the same." }));
  return story;
}
