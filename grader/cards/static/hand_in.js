// Handing in: first see exactly what leaves this computer, then hand in.
import { make, newId } from "./dom.js";
import { download } from "./my_record.js";
import { optionRow } from "./ticks.js";
import { RECEIPT_MS, ask } from "./wire.js";

export function handInCard(model, root) {
  const id = newId();
  const body = make("div", {});
  const status = make("div", { class: "al-status", role: "status" });
  root.replaceChildren(
    make("div", { class: "al-card al-hand-in", role: "group", "aria-label": "Hand in" }, body, status));

  async function refresh() {
    try {
      const state = await ask(model, { type: "open" }, 10 * RECEIPT_MS);
      if (state.type === "refused") status.replaceChildren(state.why);
      else draw(state);
    } catch {
      status.replaceChildren("The course does not answer. Please reload this page.");
    }
  }

  function draw(state) {
    body.replaceChildren(...(state.needs_code ? codeForm(state) : summary(state)));
  }

  function codeForm(state) {
    const box = make("input", { id: `${id}-code`, type: "text", class: "al-text", autocomplete: "off",
      maxlength: 64, spellcheck: "false", "aria-describedby": `${id}-hint`, value: state.trainee ?? "" });
    const save = async (event) => {
      event.preventDefault();
      const reply = await askOrSay({ type: "code", code: box.value });
      if (reply?.type === "refused") status.replaceChildren(reply.why);
      else if (reply) { status.replaceChildren(); draw(reply); body.querySelector("button").focus(); }
    };
    return [make("form", { onsubmit: save },
      make("p", { text: "Your trainer knows your work by a code, such as trainee-017." }),
      make("label", { class: "al-ask", for: `${id}-code`, text: "Your code" }),
      make("p", { class: "al-hint", id: `${id}-hint`,
        text: "Ask your trainer for it. Please do not use your real name. Use letters, digits, '.', '-' and '_'." }),
      box,
      make("p", { class: "al-row" }, make("button", { type: "submit", class: "al-button", text: "Keep this code" })))];
  }

  // Two steps: first see exactly what leaves this computer, then hand in.
  function summary(state) {
    const open = make("button", { type: "button", class: "al-button", text: "See what will be sent",
      onclick: async () => {
        const now = await askOrSay({ type: "open" }, 10 * RECEIPT_MS);
        if (!now) return;
        status.replaceChildren();
        body.replaceChildren(...review(now));
        body.querySelector("h3").focus();
      } });
    return [
      ...state.notices.map((text) => make("p", { class: "al-notice", text })),
      make("p", { text: `You have answered ${state.answered} of ${state.total} questions.` +
        (state.answered < state.total ? " You can hand in all the same." : "") }),
      make("p", { text: state.rule }),
      state.last ? make("p", { text: state.last }) : null,
      make("p", {}, "Your code is ", make("strong", { text: state.trainee }), "."),
      make("p", { class: "al-row" }, open, state.exchange ? null : make("button", { type: "button", class: "al-quiet",
        text: "Change my code", onclick: () => draw({ ...state, needs_code: true }) })),
    ].filter(Boolean);
  }

  function review(state) {
    const share = sharing(state.shareable);
    const button = make("button", { type: "button", class: "al-button", text: state.exchange ? "Hand in now" : "Make my hand-in file",
      onclick: async () => {
        button.disabled = true;
        const reply = await askOrSay({ type: "hand_in", seen: state.seen, share: share.ticked() }, 60000);
        button.disabled = false;
        if (reply) finished(reply);
      } });
    return [
      make("h3", { tabindex: "-1", text: "This will be sent" }),
      make("p", { text: state.sends }),
      sentList("ol", state.lines),
      share.node,
      make("p", { text: state.where }),
      make("p", { class: "al-row" }, button,
        make("button", { type: "button", class: "al-quiet", text: "Not yet", onclick: () => draw(state) })),
    ];
  }

  // Parts of the journal: nothing of them goes unless it is ticked, and each shows what would go.
  function sharing(parts) {
    const inputs = parts.map(({ part, lines }, at) =>
      make("input", { type: "checkbox", id: `${id}-share-${at}`, value: part, disabled: !lines.length }));
    const rows = parts.flatMap(({ label, lines }, at) => [
      optionRow(inputs[at], label, lines.length ? null : make("span", { class: "al-hint", text: " (there is nothing yet)" })),
      lines.length ? make("details", {}, make("summary", { text: `What would be sent: ${label}` }), sentList("ul", lines)) : null,
    ]);
    return {
      node: make("fieldset", { class: "al-answers al-share" },
        make("legend", { class: "al-ask", text: "Do you want to share more with your trainer?" }),
        make("p", { class: "al-hint", text: "You do not have to. It does not count for your points." }),
        ...rows.filter(Boolean)),
      ticked: () => Object.fromEntries(parts.filter((_, at) => inputs[at].checked).map(({ part, seen }) => [part, seen])),
    };
  }

  const sentList = (tag, lines) => make(tag, { class: "al-sending" }, ...lines.map((line) =>
    make("li", {}, make("p", { class: "al-hint", text: line.question }), make("p", { class: "al-sent", text: line.answer }))));

  function finished(reply) {
    const [first, ...more] = reply.lines;
    status.replaceChildren(make("h3", { tabindex: "-1", text: first }), ...more.map((text) => make("p", { text })));
    if (reply.buffers?.length)
      status.append(make("p", { class: "al-row" }, download(reply.file, reply.buffers[0])));
    if (reply.state) draw(reply.state);
    status.querySelector("h3").focus();
  }

  async function askOrSay(message, wait) {
    try {
      return await ask(model, message, wait);
    } catch {
      status.replaceChildren("The course does not answer. Nothing was sent. Please reload this page.");
      return null;
    }
  }

  refresh();
}
