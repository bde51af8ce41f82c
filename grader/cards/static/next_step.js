// One next step: chosen from a few, kept, and asked about again later.
import { button, line, make, newId, quiet } from "./dom.js";
import { OPEN_MS, panel } from "./panel.js";
import { tickGroup } from "./ticks.js";

export function nextStepCard(model, root) {
  const id = newId();
  const card = panel(model, root, "One next step", { live: "p", failed: "Not saved." });

  async function send(message, said = "", wait = undefined) {
    const state = await card.send(message, { wait });
    if (!state) return;
    draw(state);
    card.say(said);
    if (said) card.body.querySelector("[tabindex]")?.focus();
  }

  function draw(state) {
    if (state.ask) card.draw(...howDidItGo(state));
    else if (state.step) card.draw(...chosen(state));
    else card.draw(...steps(state));
  }

  function howDidItGo({ step, outcomes }) {
    return [
      make("p", { tabindex: "-1", class: "al-story" }, `On ${step.day} you chose this step:`),
      make("p", { class: "al-better", text: step.text }),
      ...oneOf("How did it go?", Object.entries(outcomes), "Keep this answer", "Choose how it went first.",
        (outcome) => send({ type: "outcome", outcome }, "Saved")),
    ];
  }

  function chosen({ step, told, suggestions }) {
    return [
      make("p", { tabindex: "-1", class: "al-story" }, told ? `${told}.` : `Your next step, chosen on ${step.day}:`),
      make("p", { class: "al-better", text: step.text }),
      make("div", { class: "al-row" }, step.link ? make("a", { class: "al-button", href: step.link, text: "Open the lesson" }) : null,
        quiet("Choose another step", () => {
          card.draw(...steps({ suggestions }));
          card.body.querySelector("input")?.focus();
        })),
    ];
  }

  function steps({ suggestions }) {
    if (!suggestions.length) return [line("There is no step to suggest yet. Try a lesson from the course map first.")];
    return oneOf("Which one will you take next?", suggestions.map((step, at) => [String(at), step.text]), "Keep this step",
      "Choose a step first.", (at) => send({ type: "choose", text: suggestions[at].text }, "Saved"));
  }

  function oneOf(question, options, keep, empty, done) {
    const group = tickGroup({ view: { question }, id, changed: () => {}, legend: { tabindex: "-1" },
      options: options.map(([name, text]) => ({ id: name, text })) });
    const press = () => (group.read() === null ? card.say(empty) : done(group.read()));
    return [group.node, make("div", { class: "al-row" }, button(keep, press))];
  }

  send({ type: "open" }, "", OPEN_MS);
}
