// The menu of every page: how it looks, reading aloud, and the links that a phone has no room for.
import { readAloud, stopReading, voicesHere } from "./aloud.js";
import { openDialog } from "./dialog.js";
import { button, line, make, newId, quiet, row } from "./dom.js";
import { keepSettings, settings } from "./settings.js";

const LOOKS = {
  text: ["Text size", { "": "Normal", large: "Large", largest: "Largest" }],
  lines: ["Space between lines", { "": "Normal", wide: "More", widest: "Most" }],
  theme: ["Colours", { "": "As on this device", light: "Light", dark: "Dark" }],
};
const NO_VOICE = "Your device has no English voice of its own. So nothing can be read aloud here.";

function looks(name) {
  const [title, options] = LOOKS[name];
  const group = newId();
  const choices = Object.entries(options).map(([value, text]) => {
    const input = make("input", { type: "radio", name: group, value, onchange: () => keepSettings({ [name]: value }) });
    input.checked = (settings()[name] ?? "") === value;
    return make("label", { class: "al-pile" }, input, text);
  });
  return make("fieldset", { class: "al-looks" }, make("legend", { text: title }), make("div", { class: "al-piles" }, ...choices));
}

// The links at the top that are not shown there.
function links() {
  const hidden = [...document.querySelectorAll(".al-top nav a")].filter((link) => !(link.checkVisibility?.() ?? true));
  return hidden.length ? make("nav", { class: "al-links", "aria-label": "More pages" },
    ...hidden.map((link) => make("a", { href: link.href, text: link.textContent }))) : "";
}

// Which voice is asked once; parts are read by it from then on.
function aloud(close, opener) {
  const place = make("div", { class: "al-aloud" });
  const title = make("h3", { text: "Read aloud" });
  const start = (voice) => {
    close();
    readAloud(voice, opener);
  };
  function ask(voices) {
    const id = newId();
    const list = make("select", { id, class: "al-voice" }, ...voices.map((voice, at) => make("option", { value: at, text: voice.name })));
    place.replaceChildren(title, line("Your device reads with its own voice. Nothing is sent anywhere."),
      make("label", { for: id, class: "al-ask", text: "Which voice?" }), list,
      row(button("Read this part aloud", () => {
        const voice = voices[list.value];
        keepSettings({ voice: voice.name });
        start(voice);
      })));
    return list;
  }
  function draw() {
    const voices = voicesHere();
    const mine = voices.find((voice) => voice.name === settings().voice);
    if (!voices.length) place.replaceChildren(title, line(NO_VOICE));
    else if (mine)
      place.replaceChildren(title, row(button("Read this part aloud", () => start(mine)),
        voices.length > 1 && quiet("Another voice", () => ask(voices).focus())));
    else ask(voices);
  }
  draw();
  self.speechSynthesis?.addEventListener?.("voiceschanged", draw); // some browsers look for them late
  return { place, end: () => self.speechSynthesis?.removeEventListener?.("voiceschanged", draw) };
}

export function openMenu(opener) {
  stopReading();
  let end;
  const dialog = openDialog("menu", "Menu", ({ body, close }) => {
    const reading = aloud(close, opener);
    end = reading.end;
    body.append(links(), ...Object.keys(LOOKS).map(looks), reading.place, row(quiet("Close", close)));
  }, () => end());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("a")) dialog.close(); // a tap beside it, or a way to another page
  });
}
