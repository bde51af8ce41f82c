// The trainee's own record: the certificate, a copy of everything, and deleting everything.
import { button, line, make, newId, quiet, row } from "./dom.js";
import { MAKE_MS, OPEN_MS, download, lineForm, panel, submit } from "./panel.js";
import { forgetSettings } from "./settings.js";
import { vault } from "./vault.js";

const COPY_BYTES = 11e6; // a larger file is none of ours: the host gets nothing of it, and says so

// Say a line and offer what was made; the first of it has the focus.
function offer(card, text, ...links) {
  card.say(line(text), row(...links));
  card.status.querySelector("a").focus();
}

export function certificateCard(model, root) {
  const card = panel(model, root, "Certificate");
  const form = () => lineForm({
    id: `${newId()}-name`, box: { maxlength: 80 }, label: "Your name, if you want it on the page",
    hint: "The name is not signed, and the page says so. Your trainer does not get it.",
    buttons: row(submit("Make my certificate")), done: build,
  });

  async function build(name) {
    const reply = await card.send({ type: "make", name }, { wait: OPEN_MS });
    if (reply)
      offer(card, "Your certificate is ready. Open it, and print it with your browser. You can print it to a PDF file.",
        make("a", { class: "al-button", href: reply.link, text: "Open the certificate" }),
        download(reply.file, reply.buffers[0]));
  }

  card.send({ type: "open" }, { wait: OPEN_MS }).then((state) =>
    state && card.draw(...state.lines.map(line), state.ready && form()));
}

export function exportCard(model, root) {
  const card = panel(model, root, "Take everything with you");
  const picker = make("input", { type: "file", id: `${newId()}-copy`, accept: ".zip", class: "al-file",
    onchange: () => picker.files[0] && bring(picker.files[0]) });

  async function bring(file) {
    const bytes = file.size > COPY_BYTES ? new ArrayBuffer(0) : await file.arrayBuffer();
    const reply = await card.send({ type: "bring" }, { wait: MAKE_MS, buffers: [bytes] });
    if (reply) card.say(...reply.lines.map(line), row(quiet("Reload this page", () => location.reload())));
  }

  card.draw(
    line("You get one file with all your answers, ratings, plans and feedback. You can read it without this course."),
    row(button("Make a copy of everything", async () => {
      const reply = await card.send({ type: "export" }, { wait: MAKE_MS });
      if (reply)
        offer(card, "Your copy is ready. Keep it where only you can open it.", download(reply.file, reply.buffers[0]));
    })),
    make("label", { class: "al-ask", for: picker.id, text: "Open a copy that you made elsewhere" }),
    make("p", { class: "al-hint", text: "Its name begins with alongside-my-record. So you can go on here with your answers." }),
    picker);
}

export function deleteCard(model, root) {
  const card = panel(model, root, "Delete everything");

  const begin = () => card.draw(
    line("This deletes your answers, your journal, your ratings, your plan, your hand-in files and your feedback from this computer."),
    line("What you have handed in stays with your trainer. Ask them if you want it deleted there, too."),
    row(quiet("Delete everything", sure)));

  function sure() {
    card.draw(lineForm({
      id: `${newId()}-word`,
      lead: make("p", { class: "al-note", text: "This cannot be undone. You may want to make a copy first." }),
      label: "To go on, type the word “delete”",
      buttons: make("div", { class: "al-row" }, submit("Delete it all now"), quiet("Keep everything", keep)),
      done: remove,
    }));
    card.body.querySelector("input").focus();
  }

  function keep() {
    begin();
    card.say();
    card.body.querySelector("button").focus();
  }

  async function remove(word) {
    const reply = await card.send({ type: "delete", word }, { wait: MAKE_MS });
    if (!reply) return;
    vault.clear(); // drafts of this tab, and how this device shows pages,
    forgetSettings(); // would bring back what has been deleted
    card.draw();
    card.say(...reply.lines.map(line));
  }

  begin();
}
