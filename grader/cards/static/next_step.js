// One next step: chosen from a few, kept, and asked about again later.
import { button, make, newId, quiet } from "./dom.js";
import { optionRow } from "./ticks.js";
import { RECEIPT_MS, ask } from "./wire.js";

export function nextStepCard(model, root) {
  const id = newId();
  const body = make("div", {});
  const status = make("p", { class: "al-status", role: "status" });
  root.replaceChildren(
    make("div", { class: "al-card", role: "group", "aria-label": "One next step" }, body, status));

  async function send(message, said = "", wait = RECEIPT_MS) {
    try {
      const reply = await ask(model, message, wait);
      if (reply.type === "refused") return status.replaceChildren(`Not saved. ${reply.why}`);
      draw(reply);
      status.replaceChildren(said);
      if (said) body.querySelector("[tabindex]")?.focus();
    } catch {
      status.replaceChildren("Not saved. The course does not answer. Please reload this page.");
    }
  }

  function draw(state) {
    if (state.ask) body.replaceChildren(...howDidItGo(state));
    else if (state.step) body.replaceChildren(...chosen(state));
    else body.replaceChildren(...choices(state));
  }

  function howDidItGo({ step, outcomes }) {
    return [
      make("p", { tabindex: "-1", class: "al-story" }, `On ${step.day} you chose this step:`),
      make("p", { class: "al-better", text: step.text }),
      ...group("How did it go?", Object.entries(outcomes), "Keep this answer", "Choose how it went first.",
        (outcome) => send({ type: "outcome", outcome }, "Saved")),
    ];
  }

  function chosen({ step, told, suggestions }) {
    return [
      make("p", { tabindex: "-1", class: "al-story" }, told ? `${told}.` : `Your next step, chosen on ${step.day}:`),
      make("p", { class: "al-better", text: step.text }),
      make("div", { class: "al-row" }, step.link ? make("a", { class: "al-button", href: step.link, text: "Open the lesson" }) : null,
        quiet("Choose another step", () => {
          body.replaceChildren(...choices({ suggestions }));
          body.querySelector("input")?.focus();
        })),
    ];
  }

  function choices({ suggestions }) {
    if (!suggestions.length)
      return [make("p", { text: "There is no step to suggest yet. Try a lesson from the course map first." })];
    return group("Which one will you take next?", suggestions.map((step, at) => [String(at), step.text]), "Keep this step",
      "Choose a step first.", (at) => send({ type: "choose", text: suggestions[at].text }, "Saved"));
  }

  function group(question, options, keep, empty, done) {
    const inputs = options.map(([value], at) => make("input", { type: "radio", name: id, value, id: `${id}-${at}` }));
    return [
      make("fieldset", { class: "al-answers" }, make("legend", { class: "al-ask", tabindex: "-1", text: question }),
        ...options.map(([, text], at) => optionRow(inputs[at], text))),
      make("div", { class: "al-row" }, button(keep, () => {
        const picked = inputs.find((input) => input.checked);
        if (picked) done(picked.value);
        else status.replaceChildren(empty);
      })),
    ];
  }

  send({ type: "open" }, "", 10 * RECEIPT_MS);
}
