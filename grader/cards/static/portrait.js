// Who speaks: their face beside the words. The styles of a page know whose picture there is.
import { make } from "./dom.js";

const LITTLE_WORDS = /^(?:an?|the|your)\s+/i;

// Without a picture there is the first letter of the name. The name itself always stands beside
// it as text, so nobody has to see a face. Without a mood it is the one that the person has most.
export const portrait = (name, mood = null) =>
  make("span", { class: "al-face", "aria-hidden": "true", "data-who": name, "data-mood": mood,
    text: [...name.replace(LITTLE_WORDS, "")][0]?.toUpperCase() ?? "" });
