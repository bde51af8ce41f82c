// What frames an answer: the question, over the fields that it asks for.
import { make } from "./dom.js";

// Fields that are one choice.
export const fieldset = ({ question, legend = {} }, ...fields) =>
  make("fieldset", { class: "al-answers" }, make("legend", { class: "al-ask", ...legend, text: question }), ...fields);

// Fields that each have a name of their own.
export const group = ({ question, id }, ...fields) =>
  make("div", { class: "al-answers", role: "group", "aria-labelledby": `${id}-ask` },
    make("p", { class: "al-ask", id: `${id}-ask`, text: question }), ...fields);
