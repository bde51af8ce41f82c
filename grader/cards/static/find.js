// Find words in lessons, in the words of the course and in one's own notes.
import { line, make, newId } from "./dom.js";
import { OPEN_MS, lineForm, panel, submit } from "./panel.js";

export function findCard(model, root) {
  const id = newId();
  const found = make("div", {});
  const kept = make("div", {});
  const form = lineForm({ id, label: "Which words?", box: { type: "search", maxlength: 100 },
    buttons: make("div", { class: "al-row" }, submit("Find")), done: look });
  const card = panel(model, root, "Find words in the course", { parts: [form] });
  root.firstChild.append(found, kept);

  async function look(words) {
    if (!words.trim()) return card.say("Type a word first.");
    card.say("Looking …");
    const reply = await card.send({ type: "find", words }, { wait: OPEN_MS });
    if (!reply) return;
    const count = reply.found.length;
    const places = count === 1 ? "1 place" : `${count} places`;
    card.say(count ? `${places}${reply.more ? ", and there are more" : ""}.` : "Nothing found. Try another word, or only its beginning.");
    found.replaceChildren(placeList(reply.found));
  }

  async function open() {
    const reply = await card.send({ type: "open" }, { wait: OPEN_MS });
    if (reply?.kept.length) kept.replaceChildren(make("h2", { text: "What you kept" }), placeList(reply.kept));
  }

  open();
}

const placeList = (places) => make("ul", { class: "al-found" }, ...places.map(({ title, link, place, around }) =>
  make("li", {}, make("a", { href: `${link}#${place}`, text: title }), around ? line(around) : null)));
