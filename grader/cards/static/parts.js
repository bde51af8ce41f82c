// Feedback that stands at the part it is about; the words say whether it fits, the edge repeats it.
import { line, make } from "./dom.js";

// Feedback without a verdict: sentences, and no points.
export const plainly = (result) => result.reasons.map((reason) => line(reason.text));

// Give each part a place for its note; ``explain`` fills them, or empties all of them.
export function partNotes(id, parts) {
  const places = new Map(parts.map((part) => [part.id, make("p", { class: "al-part-note", id: `${id}-note-${part.id}` })]));
  return {
    at: (part) => places.get(part.id),
    explain: (result) => {
      for (const place of places.values()) place.replaceChildren();
      for (const { part, text, fits, better } of result?.reasons ?? []) {
        const place = places.get(part);
        if (!place) continue;
        place.append(text, better ? make("span", { class: "al-part-better", text: `Another way to say it: ${better}` }) : "");
        place.classList.toggle("al-fits", fits === true);
        place.classList.toggle("al-elsewhere", fits === false);
      }
    },
  };
}
