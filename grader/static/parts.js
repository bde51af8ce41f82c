// Feedback that stands at the part it is about: a word first, then why.
import { make } from "./dom.js";

// Give each part a place for its note; ``explain`` fills them, or empties all of them.
export function partNotes(id, parts) {
  const places = new Map(parts.map((part) => [part.id, make("p", { class: "al-part-note", id: `${id}-note-${part.id}` })]));
  return {
    at: (part) => places.get(part.id),
    explain: (result) => {
      for (const place of places.values()) place.replaceChildren();
      for (const reason of result?.reasons ?? []) places.get(reason.part)?.replaceChildren(...noteNodes(reason));
    },
  };
}

const noteNodes = (reason) => [
  ...(reason.verdict ? [make("strong", { class: "al-verdict", text: reason.verdict }), " "] : []),
  reason.text,
];
