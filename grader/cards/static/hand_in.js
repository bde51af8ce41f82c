// Handing in: first see exactly what leaves this computer, then hand in.
import { button, copyButton, line, make, newId, quiet, row } from "./dom.js";
import { fieldset } from "./frame.js";
import { MAKE_MS, OPEN_MS, download, lineForm, panel, passOn, submit } from "./panel.js";
import { optionRow } from "./ticks.js";

const NOTHING_SENT = "The course does not answer. Nothing was sent. Please reload this page.";

export function handInCard(model, root) {
  const id = newId();
  const card = panel(model, root, "Hand in", { look: "al-card al-hand-in" });
  let isDone = false; // handed in while this page is open: now that is what matters
  const draw = (state) => card.draw(...(state.needs_code ? [codeForm(state)] : summary(state)));

  function codeForm(state) {
    return lineForm({
      id: `${id}-code`, box: { maxlength: 64, value: state.trainee ?? "" },
      lead: line("Your trainer knows your work by a code, such as trainee-017."),
      label: "Your code",
      hint: "Your trainer gives it to you. You have none? Ask your trainer. You can answer everything first. Please do not use your real name. Use only letters, digits, dots and dashes.",
      buttons: row(submit("Keep this code")),
      done: keepCode,
    });
  }

  async function keepCode(code, same_person = false) {
    const state = await card.send({ type: "code", code, same_person }, { lost: NOTHING_SENT });
    if (!state) return;
    card.say();
    if (state.earlier) card.draw(...whoIsIt(state));
    else draw(state);
    card.body.querySelector("h3, button").focus();
  }

  // Two people in one folder would hand in each other's answers.
  function whoIsIt(state) {
    return [
      make("h3", { tabindex: "-1", text: `Your answers were handed in as ${state.earlier}` }),
      line(`Are you the same person, and is ${state.code} the right code for you?`),
      line("If you are another person, please do not hand in here. Ask your trainer how to keep your answers apart."),
      row(button(`Yes, ${state.code} is my code`, () => keepCode(state.code, true)),
        quiet("No, change nothing", () => draw(state))),
    ];
  }

  // Two steps: first see exactly what leaves this computer, then hand in.
  function summary(state) {
    return [
      ...state.notices.map((text) => make("p", { class: "al-notice", text })),
      line(`You have answered ${state.answered} of ${state.total} questions.${
        state.answered < state.total ? " You can hand in all the same." : ""}`),
      openQuestions(state.open),
      line(state.rule),
      state.last ? line(state.last) : null,
      make("p", {}, "Your code is ", make("strong", { text: state.trainee }), "."),
      row((isDone ? quiet : button)("See what will be sent", look),
        state.exchange ? null : quiet("Change my code", () => draw({ ...state, needs_code: true }))),
    ];
  }

  // In a page of steps each leads to its question; in a notebook they stand one below the other.
  function openQuestions(left) {
    if (!left.length) return null;
    const names = left.flatMap(({ number, step }, at) => {
      const place = document.getElementById(`step-${step}`);
      return [at ? ", " : "", place ? make("a", { href: `#step-${step}`, text: number, "aria-label": `Question ${number}` }) : `${number}`];
    });
    return make("p", {}, "Open: ", ...names);
  }

  async function look() {
    const state = await card.send({ type: "open" }, { wait: OPEN_MS, lost: NOTHING_SENT });
    if (!state) return;
    card.say();
    card.draw(...review(state));
    card.body.querySelector("h3").focus();
  }

  function review(state) {
    const share = sharing(state.shareable);
    const teach = teaching();
    const go = button(state.exchange ? "Hand in now" : "Make my hand-in file", async () => {
      go.disabled = true;
      const reply = await card.reach({ type: "hand_in", seen: state.seen, share: share.ticked(), may_teach: teach.ticked() },
        { wait: MAKE_MS, lost: NOTHING_SENT });
      go.disabled = false;
      if (!reply) return;
      isDone ||= reply.type === "done";
      finished(reply);
      card.status.classList.toggle("al-result", isDone);
    });
    return [
      make("h3", { tabindex: "-1", text: "This will be sent" }),
      line(state.sends),
      sentList("ol", state.lines),
      share.node,
      teach.node,
      line(state.where),
      row(go, quiet("Not yet", () => draw(state))),
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
    const node = fieldset({ question: "Do you want to share more with your trainer?" },
      make("p", { class: "al-hint", text: "You do not have to. It does not count for your points." }), ...rows);
    node.classList.add("al-share");
    return {
      node,
      ticked: () => Object.fromEntries(parts.filter((_, at) => inputs[at].checked).map(({ part, seen }) => [part, seen])),
    };
  }

  // Asked anew at each hand-in: the latest one counts.
  function teaching() {
    const input = make("input", { type: "checkbox", id: `${id}-teach` });
    const node = fieldset({ question: "May your words help to improve the course?" },
      make("p", { class: "al-hint", text: "What you typed, without your name or code, may be used to improve the automatic reading." }),
      make("p", { class: "al-hint", text: "You can leave this. It does not count for your points." }),
      optionRow(input, "Yes, my typed replies may help"));
    node.classList.add("al-share");
    return { node, ticked: () => input.checked };
  }

  const sentList = (tag, lines) => make(tag, { class: "al-sending" }, ...lines.map(({ question, answer, version }) =>
    make("li", {}, make("p", { class: "al-hint", text: question }), make("p", { class: "al-sent", dir: "auto", text: answer }),
      version ? make("p", { class: "al-hint", text: version }) : null)));

  function finished(reply) {
    const [first, ...more] = reply.lines;
    const head = make("h3", { tabindex: "-1", text: first });
    const told = make("div", { id: `${id}-told` }, head, ...more.map(line));
    card.say(told);
    const file = reply.buffers?.length ? download(reply.file, reply.buffers[0]) : null;
    if (file) {
      file.setAttribute("aria-describedby", told.id); // heard with the link, which takes the focus
      card.status.append(row(file, passOn(reply.file, reply.buffers[0])));
    }
    if (reply.letter) card.status.append(...letter(reply.letter));
    if (reply.next) card.status.append(make("p", {}, "Next: ", make("a", { href: reply.next.link, text: reply.next.title })));
    if (reply.state) draw(reply.state);
    // No folder holds it yet: without this, somebody could go away with nothing to send.
    if (reply.save) file?.click();
    (file ?? head).focus();
  }

  // Words to send the file with; nothing goes anywhere until the person sends it.
  function letter({ subject, text }) {
    const box = make("textarea", { id: `${id}-letter`, class: "al-text", rows: 7, readonly: true });
    box.value = text;
    const mail = `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`;
    return [
      make("label", { class: "al-ask", for: box.id, text: "A letter to go with it" }),
      make("p", { class: "al-hint", text: "Add the file to it yourself, and your trainer’s address." }),
      box,
      row(copyButton("Copy the letter", () => text, () => box), make("a", { class: "al-quiet", href: mail, text: "Write it in my email program" })),
    ];
  }

  card.send({ type: "open" }, { wait: OPEN_MS }).then((state) => state && draw(state));
}
