// The cards in the browser: questions, hand-in, feedback and one's own record, as native form elements.
import { againTodayCard, meetAgainCard } from "./again.js";
import { findCard } from "./find.js";
import { handInCard } from "./hand_in.js";
import { certificateCard, deleteCard, exportCard } from "./my_record.js";
import { nextStepCard } from "./next_step.js";
import { feedbackCard } from "./open_feedback.js";
import { questionCard } from "./question.js";
import { ratingsCard } from "./ratings.js";

const CARDS = {
  question: questionCard, hand_in: handInCard, feedback: feedbackCard, ratings: ratingsCard, next_step: nextStepCard,
  find: findCard, again_today: againTodayCard, meet_again: meetAgainCard, certificate: certificateCard, export: exportCard, delete: deleteCard,
};

export const draw = (model, root) => CARDS[model.get("card")](model, root);
