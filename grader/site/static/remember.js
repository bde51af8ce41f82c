// Makes what later visits go on from: Python's memory once it has shown a page to nobody.
//
// It is a worker of its own, begun once the cards are live and at rest. It never opens what the
// browser keeps of the learner, so nothing of theirs can be in that memory.
import { Memory } from "./memory.js";
import { KEPT, PYODIDE, REMEMBERED, start } from "./start.js";

async function make(asked) {
  const memory = new Memory(KEPT, REMEMBERED, PYODIDE);
  if (!(await memory.isWanted())) return;
  const { python, browser } = await start(null, true);
  browser.rehearse(JSON.stringify(asked));
  browser.destroy();
  await memory.keep(python.makeMemorySnapshot());
}

self.onmessage = async ({ data }) => {
  await make(data).catch(() => {}); // the next visit starts anew
  self.close();
};
