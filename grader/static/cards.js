// The cards in the browser: questions, hand-in and feedback, as native form elements.
import { handInCard } from "./hand_in.js";
import { feedbackCard } from "./open_feedback.js";
import { questionCard } from "./question.js";

const CARDS = { question: questionCard, hand_in: handInCard, feedback: feedbackCard };

export default {
  render({ model, el }) {
    CARDS[model.get("card")](model, el);
  },
};
