// Cards to meet again: a line at the top of the course map, and the page where they are met.
import { line, make, quiet } from "./dom.js";
import { oneAtATime } from "./one_at_a_time.js";
import { download, panel } from "./panel.js";
import { questionCard } from "./question.js";
import { shareWire } from "./wire.js";

const LATER = "That is fine. They wait for you.";
const NONE_WAITS = "There is no card to meet again today.";

// Puts all cards off until another day, by one tap.
const notToday = (card, done) => quiet("Not today", async () => {
  if (!(await card.send({ type: "later" }))) return;
  done();
  card.say(LATER);
});

export function againTodayCard(model, root) {
  const card = panel(model, root, "Cards to meet again");
  card.draw(make("div", { class: "al-again" }, line(`${model.get("words")}.`),
    make("a", { class: "al-quiet", href: model.get("link"), text: "Meet them" }),
    notToday(card, () => card.draw())));
}

export function meetAgainCard(model, root) {
  const questions = model.get("questions");
  const day = model.get("day");
  const place = make("div", {});
  const bottom = make("div", {});
  const card = panel(model, bottom, "Not today, or another day", { look: questions.length ? "al-beside" : "al-card" });
  root.replaceChildren(place, bottom);
  if (questions.length) meet(model, questions, place);
  card.draw(
    questions.length ? null : line(day ? `${NONE_WAITS} The next one waits until ${day}.` : NONE_WAITS),
    make("div", { class: "al-row" },
      questions.length ? notToday(card, () => place.replaceChildren()) : null,
      day ? quiet("A reminder for my calendar", () => remind(card)) : null));
}

function meet(model, questions, place) {
  const turns = oneAtATime(questions.length, (at, one) => {
    const { of, lesson } = questions[at];
    const shown = make("div", {});
    const status = make("p", { class: "al-status", role: "status" });
    const leave = quiet("Leave this card out for good", async () => {
      if (!(await side.send({ type: "leave", of }))) return;
      shown.replaceChildren();
      leave.remove();
      status.textContent = "It does not come back here. It is still in its lesson.";
    });
    const side = panel(model, make("div", {}), "");
    one.append(make("p", { class: "al-hint" }, "From ", make("a", { href: lesson.link, text: lesson.title })),
      shown, make("div", { class: "al-row" }, leave, status, side.status));
    questionCard(shareWire(model, questions[at]), shown);
  });
  place.append(line(`${model.get("words")}.`), ...turns.nodes);
  turns.to(0);
}

async function remind(card) {
  const reply = await card.send({ type: "calendar" });
  if (!reply) return;
  card.say("Open the file with your calendar. It stands there once, for one day, without an alarm. ",
    download(reply.file, reply.buffers[0]));
}
