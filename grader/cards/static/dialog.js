// A dialog over the page, made when it is first asked for; the focus goes back when it closes.
import { make } from "./dom.js";

export function openDialog(name, title, draw, closed = () => {}) {
  document.querySelector(`dialog.al-${name}`)?.remove(); // of a page before this one
  const heading = make("h2", { id: `al-${name}-title`, tabindex: "-1", autofocus: true, text: title });
  const body = make("div");
  const dialog = make("dialog", { class: `al-dialog al-${name}`, "aria-labelledby": heading.id }, heading, body);
  dialog.addEventListener("close", () => {
    closed();
    dialog.remove();
  });
  draw({ body, close: () => dialog.close() });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
