// The cards in the browser: questions, hand-in and feedback, as native form elements.
//
// A card never decides what an answer is worth. It sends the answer to the kernel,
// waits for a receipt, and shows what comes back. All text is set as text, never as HTML.

const RECEIPT_MS = 3000; // without a receipt by then, the answer counts as not saved
const TYPING_PAUSE_MS = 500;
const MAX_REPLY = 5000; // characters, as many as are scored
let messages = 0;

// Each card loads this file anew, so a count would give two cards the same id.
const newId = () => `al-${Math.random().toString(36).slice(2)}`;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean));
  // JupyterLab and Notebook 7 take arrow keys, "d d" and others away from form elements.
  if (["INPUT", "TEXTAREA", "BUTTON", "SUMMARY", "A"].includes(node.tagName))
    node.setAttribute("data-lm-suppress-shortcuts", "true");
  return node;
}

// Messages with receipts ------------------------------------------------------

// Send a message and resolve with the kernel's receipt; reject when none comes in time.
function ask(model, message, waitMs = RECEIPT_MS) {
  const seq = ++messages;
  return new Promise((resolve, reject) => {
    const done = (settle, value) => {
      clearTimeout(timer);
      model.off("msg:custom", listen);
      settle(value);
    };
    const listen = (reply, buffers) => {
      if (reply.seq === seq) done(resolve, { ...reply, buffers });
    };
    const timer = setTimeout(() => done(reject, new Error("no receipt")), waitMs);
    model.on("msg:custom", listen);
    try {
      model.send({ ...message, seq });
    } catch (error) {
      done(reject, error);
    }
  });
}

// Drafts: answers without a receipt, kept for this tab only --------------------

const draftKey = (model) => `alongside:${model.get("record")}:${model.get("view").id}`;

function keepDraft(model, response, seen) {
  try {
    sessionStorage.setItem(draftKey(model), JSON.stringify({ response, seen }));
  } catch {
    // Storage may be switched off; the text still stands in the card.
  }
}

function takeDraft(model) {
  try {
    const draft = sessionStorage.getItem(draftKey(model));
    return draft === null ? null : JSON.parse(draft);
  } catch {
    return null;
  }
}

function dropDraft(model) {
  try {
    sessionStorage.removeItem(draftKey(model));
  } catch {
    // Nothing was kept.
  }
}

// The situation ----------------------------------------------------------------

function stemNodes(stem) {
  const nodes = [];
  if (stem.setting) nodes.push(make("p", { class: "al-setting", text: stem.setting }));
  if (stem.says)
    nodes.push(
      make("figure", { class: "al-says" },
        make("figcaption", { text: `${stem.speaker} says` }),
        make("blockquote", { text: stem.says })));
  return nodes;
}

// A hard story stays closed, and the replies to it, until the trainee opens one version.
function situation(view, practice, opened) {
  const story = make("div", { class: "al-story", tabindex: "-1" });
  if (!view.content_note) {
    story.append(...stemNodes(view.stem));
    opened();
    return story;
  }
  const show = (stem) => {
    opened();
    const other = stem === view.stem ? view.gentle : view.stem;
    const words = stem === view.stem ? "Show a gentler version" : "Show the first version";
    story.replaceChildren(...stemNodes(stem),
      make("p", {}, make("button", { type: "button", class: "al-quiet", text: words,
        onclick: () => { show(other); story.focus(); } })));
  };
  story.append(
    make("p", { class: "al-note" }, make("strong", { text: "Before you read: " }), view.content_note),
    make("p", { class: "al-row" },
      make("button", { type: "button", class: "al-quiet", text: "Show the story",
        onclick: () => { show(view.stem); story.focus(); } }),
      make("button", { type: "button", class: "al-quiet", text: "Show a gentler version",
        onclick: () => { show(view.gentle); story.focus(); } })),
    make("p", { class: "al-hint al-after", text: practice
      ? "Choose either one. You can also leave this card out."
      : "Both versions count the same." }));
  return story;
}

// The answer -------------------------------------------------------------------

// Each kind gives {node, read, write}: what to show, the response now, and set a response.
const ANSWERS = {
  choice: (view, id, changed) => tickList(view, id, changed, "radio"),
  choices: (view, id, changed) => tickList(view, id, changed, "checkbox"),
  reply: typedReply,
};

function tickList(view, id, changed, type) {
  const inputs = view.options.map((option, index) =>
    make("input", { type, name: id, value: option.id, id: `${id}-${index}`, onchange: () => changed(0) }));
  const node = make("fieldset", { class: "al-answers" },
    make("legend", { class: "al-ask", text: view.question }),
    type === "checkbox" ? make("p", { class: "al-hint", text: "Tick all that fit." }) : null,
    ...view.options.map((option, index) =>
      make("label", { class: "al-option", for: `${id}-${index}` },
        inputs[index], make("span", { text: option.text }))));
  const ticked = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    node,
    read: () => (type === "radio" ? ticked()[0] ?? null : ticked()),
    write: (response) => {
      const chosen = [].concat(response ?? []);
      inputs.forEach((input) => { input.checked = chosen.includes(input.value); });
    },
  };
}

function typedReply(view, id, changed) {
  const room = make("p", { class: "al-hint", id: `${id}-room`, role: "status" });
  const box = make("textarea", { id: `${id}-text`, rows: 4, maxlength: MAX_REPLY, class: "al-text",
    "aria-describedby": `${id}-room`, onblur: () => changed(0),
    oninput: () => {
      const full = box.value.length >= MAX_REPLY;
      room.textContent = full ? `The box is full. It holds ${MAX_REPLY} letters.` : "";
      changed(TYPING_PAUSE_MS);
    } });
  return {
    node: make("div", { class: "al-answers" },
      make("label", { class: "al-ask", for: `${id}-text`, text: view.question }), box, room),
    read: () => box.value,
    write: (response) => { if (document.activeElement !== box) box.value = response ?? ""; },
  };
}

const isBlank = (response) =>
  response === null || response === undefined || (response.length ?? 0) === 0 ||
  (typeof response === "string" && !response.trim());

// Feedback ---------------------------------------------------------------------

function feedbackNodes(result) {
  let points = `${result.points} of ${result.max_points} points`;
  if (result.unsure) points = "The course gives no points here. That is not a bad sign.";
  else if (result.suggested) points = `About ${points}. A person can tell better.`;
  return [
    result.care ? make("p", { class: "al-note", text: result.care }) : null,
    make("h3", { class: "al-headline", text: result.headline }),
    make("p", { class: "al-points", text: points }),
    make("ul", { class: "al-reasons" }, ...result.reasons.map((reason) =>
      make("li", {}, reason.quote ? make("q", { text: reason.quote }) : null,
        make("span", { text: reason.text })))),
    result.better
      ? make("div", { class: "al-better" },
          make("p", { class: "al-label", text: "Another way to say it" }), make("p", { text: result.better }))
      : null,
  ].filter(Boolean);
}

// The question card ------------------------------------------------------------

function questionCard(model, root) {
  const view = model.get("view");
  const feedbackNow = model.get("feedback_now");
  const id = newId();
  const status = make("p", { class: "al-status", role: "status" });
  const notice = make("p", { class: "al-notice", role: "status" });
  const feedback = make("div", { class: "al-feedback", "aria-live": "polite" });
  const answer = ANSWERS[view.kind](view, id, changed);
  const check = feedbackNow && make("button", { type: "button", class: "al-button",
    text: "See feedback", onclick: () => send("check") });
  const row = make("div", { class: check ? "al-row" : "al-row al-bare" }, check, status);
  answer.node.hidden = row.hidden = true;
  const story = situation(view, model.get("record").startsWith("practice"), () => {
    answer.node.hidden = row.hidden = false;
  });
  const card = make("div", { class: `al-card al-${view.kind}`, role: "group", "aria-label": model.get("label") },
    notice, story, answer.node, row, feedback);
  let timer;
  let sending = Promise.resolve();
  let unsaved = false; // the answer on the page has no receipt yet
  let seen = model.get("response"); // what the record held when this page last looked

  function changed(pause) {
    if (pause === 0 && !unsaved && same(answer.read(), seen)) return;
    unsaved = true;
    keepDraft(model, answer.read(), seen);
    if (feedback.childNodes.length) feedback.replaceChildren();
    clearTimeout(timer);
    timer = setTimeout(() => send("save"), pause);
  }

  // One message at a time: each says what the record held after the one before.
  function send(type) {
    clearTimeout(timer);
    sending = sending.then(() => deliver(type));
    return sending;
  }

  async function deliver(type) {
    const response = answer.read();
    if (type === "check" && isBlank(response)) {
      say(view.kind === "reply" ? "Type a reply first." : "Choose an answer first.");
      return;
    }
    keepDraft(model, response, seen);
    try {
      const receipt = await ask(model, { type, response, seen });
      if (receipt.type === "refused") return notSaved(receipt.why);
      if (receipt.type === "changed") return elsewhere(receipt);
      seen = response;
      if (same(response, answer.read())) {
        unsaved = false;
        dropDraft(model);
        say("Saved");
      }
      show(receipt);
    } catch {
      notSaved(GONE);
    }
  }

  function show(state) {
    notice.textContent = state.notice ?? "";
    feedback.replaceChildren(...(state.result ? feedbackNodes(state.result) : []));
  }

  function say(words) {
    status.className = "al-status";
    status.replaceChildren(words);
  }

  function notSaved(why) {
    status.className = "al-status al-not-saved";
    status.replaceChildren(
      make("strong", { text: "Not saved. " }), `${why} Your answer still stands here. `,
      make("button", { type: "button", class: "al-quiet", text: "Reload the page", onclick: () => location.reload() }));
  }

  // Another window saved a different answer meanwhile: the trainee decides which one stays.
  function elsewhere(state) {
    const decide = (text, act) => make("button", { type: "button", class: "al-quiet", text, onclick: act });
    status.className = "al-status al-not-saved";
    status.replaceChildren(
      make("strong", { text: "Not saved yet. " }), "You answered this in another window as well. ",
      decide("Keep the answer here", () => { seen = state.response; send("save"); }),
      " ",
      decide("Show the other one", () => {
        unsaved = false;
        seen = state.response;
        dropDraft(model);
        answer.write(state.response);
        show(state);
        say("Your saved answer");
      }));
  }

  // The record may have changed since the kernel made this card: ask for it anew.
  async function open() {
    const draft = takeDraft(model);
    answer.write(draft ? draft.response : seen);
    try {
      const state = await ask(model, { type: "open" }, 10 * RECEIPT_MS);
      if (unsaved) return;
      if (draft && !same(draft.response, state.response)) {
        unsaved = true;
        seen = draft.seen;
        await send("save");
        return;
      }
      dropDraft(model);
      seen = state.response;
      answer.write(state.response);
      show(state);
      if (!isBlank(state.response)) say("Your saved answer");
    } catch {
      notSaved(GONE);
    }
  }

  root.replaceChildren(card);
  open();
}

const GONE = "The course does not answer. If you closed it, start it again and open this page in this same window.";

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

// Handing in -------------------------------------------------------------------

function handInCard(model, root) {
  const id = newId();
  const body = make("div", {});
  const status = make("div", { class: "al-status", role: "status" });
  root.replaceChildren(
    make("div", { class: "al-card al-hand-in", role: "group", "aria-label": "Hand in" }, body, status));

  async function refresh() {
    try {
      draw(await ask(model, { type: "open" }, 10 * RECEIPT_MS));
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
      state.last ? make("p", { text: state.last }) : null,
      make("p", {}, "Your code is ", make("strong", { text: state.trainee }), "."),
      make("p", { class: "al-row" }, open, state.exchange ? null : make("button", { type: "button", class: "al-quiet",
        text: "Change my code", onclick: () => draw({ ...state, needs_code: true }) })),
    ].filter(Boolean);
  }

  function review(state) {
    const button = make("button", { type: "button", class: "al-button", text: state.exchange ? "Hand in now" : "Make my hand-in file",
      onclick: async () => {
        button.disabled = true;
        const reply = await askOrSay({ type: "hand_in", seen: state.seen }, 60000);
        button.disabled = false;
        if (reply) finished(reply);
      } });
    return [
      make("h3", { tabindex: "-1", text: "This will be sent" }),
      make("p", { text: state.sends }),
      make("ol", { class: "al-sending" }, ...state.lines.map((line) =>
        make("li", {}, make("p", { class: "al-hint", text: line.question }), make("p", { class: "al-sent", text: line.answer })))),
      make("p", { text: state.where }),
      make("p", { class: "al-row" }, button,
        make("button", { type: "button", class: "al-quiet", text: "Not yet", onclick: () => draw(state) })),
    ];
  }

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

function download(name, bytes) {
  const link = make("a", { class: "al-button", download: name, text: "Save a copy of the file" });
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  return link;
}

// Opening feedback -------------------------------------------------------------

function feedbackCard(model, root) {
  const id = newId();
  const status = make("div", { class: "al-status", role: "status" });
  const picker = make("input", { type: "file", id: `${id}-file`, accept: ".zip", class: "al-file",
    onchange: async () => {
      const file = picker.files[0];
      if (!file) return;
      const bytes = file.size > 5e6 ? new ArrayBuffer(0) : await file.arrayBuffer();
      try {
        done(await withBytes({ type: "bundle", name: file.name }, bytes));
      } catch {
        status.replaceChildren("The course does not answer. Please reload this page.");
      }
    } });
  const fetchButton = model.get("exchange") && make("button", { type: "button", class: "al-button", text: "Look for new feedback",
    onclick: async () => {
      try {
        done(await ask(model, { type: "fetch" }, 60000));
      } catch {
        status.replaceChildren("The course does not answer. Please reload this page.");
      }
    } });

  function withBytes(message, bytes) {
    const plain = model.send.bind(model);
    const sender = { on: model.on.bind(model), off: model.off.bind(model), send: (content) => plain(content, undefined, [bytes]) };
    return ask(sender, message, 20000);
  }

  function done(reply) {
    status.replaceChildren(...reply.lines.map((text) => make("p", { text })));
    if (reply.link) status.append(make("p", {}, make("a", { href: reply.link, text: "Read the feedback" })));
  }

  root.replaceChildren(make("div", { class: "al-card", role: "group", "aria-label": "Open feedback" },
    make("label", { class: "al-ask", for: `${id}-file`, text: "Open a feedback file from your trainer" }),
    make("p", { class: "al-hint", text: "Its name ends in -feedback.zip. You get it from your trainer, for example by email." }),
    picker, fetchButton ? make("p", { class: "al-row" }, fetchButton) : null, status));
}

const CARDS = { question: questionCard, hand_in: handInCard, feedback: feedbackCard };

export default {
  render({ model, el }) {
    CARDS[model.get("card")](model, el);
  },
};
