// The cards in a notebook: one trait of the widget holds all facts of its card.
import { draw } from "./cards.js";

export default {
  render({ model, el }) {
    draw({
      get: (name) => model.get("facts")[name],
      on: (...listener) => model.on(...listener),
      off: (...listener) => model.off(...listener),
      send: (...message) => model.send(...message),
    }, el);
  },
};
