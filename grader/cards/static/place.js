// A card's place on a page: the model that a card talks to, whoever carries its messages.
import { draw } from "./cards.js";

// What a card asks of whoever holds its facts; in a notebook this is the widget's model.
// ``carry`` takes a message and files, and gives {receipt, files}; it fails where none came.
class Model {
  #listeners = new Set();

  constructor(facts, carry) {
    this.facts = facts;
    this.carry = carry;
  }

  get(name) {
    return this.facts[name];
  }

  on(_event, listener) {
    this.#listeners.add(listener);
  }

  off(_event, listener) {
    this.#listeners.delete(listener);
  }

  async send(message, _callbacks, files = []) {
    const { receipt, files: attached } = await this.carry(message, files);
    for (const listener of [...this.#listeners]) listener({ ...receipt, seq: message.seq }, attached);
  }
}

export const modelOf = (facts, carry) => new Model(facts, carry);

export function drawIn(place, facts, carry) {
  const drawn = document.createElement("div");
  draw(modelOf(facts, carry), drawn);
  place.replaceChildren(drawn);
}

// To be waited for between two cards, so that the first can be used while others are drawn.
export const pause = () => new Promise((resume) => setTimeout(resume));
