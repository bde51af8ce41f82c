// Small helpers to make elements; all text is set as text, never as HTML.

const FOCUSABLE = ["INPUT", "TEXTAREA", "SELECT", "BUTTON", "SUMMARY", "A"];

// Each card loads this file anew, so a count would give two cards the same id.
export const newId = () => `al-${Math.random().toString(36).slice(2)}`;

function give(node, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (name === "text") node.textContent = value;
  else if (name === "style") node.style.cssText = value; // a page may forbid the attribute
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) give(node, name, value);
  node.append(...children.filter(Boolean));
  // JupyterLab and Notebook 7 take arrow keys, "d d" and others away from what has the focus.
  if (FOCUSABLE.includes(node.tagName) || node.hasAttribute("tabindex"))
    node.setAttribute("data-lm-suppress-shortcuts", "true");
  return node;
}

export const button = (text, onclick, look = "al-button") =>
  make("button", { type: "button", class: look, text, onclick });

export const quiet = (text, onclick) => button(text, onclick, "al-quiet");

export const line = (text) => make("p", { text });

export const row = (...nodes) => make("p", { class: "al-row" }, ...nodes);

// Words for those who hear the page, where the eye sees them from the layout.
export const heard = (text) => make("span", { class: "al-heard", text });

// Takes words along. ``words`` and ``box``, where they stand, are asked for when it is pressed.
export function copyButton(text, words, box) {
  const copy = quiet(text, async () => {
    try {
      await navigator.clipboard.writeText(words());
      copy.textContent = "Copied";
    } catch {
      box().select(); // a browser may not allow it: the person can
    }
  });
  return copy;
}

// Words within quotation marks: their own double ones are single.
export const inner = (text) => text.replace(/[“"]([^“”"]*)[”"]/g, "‘$1’");
