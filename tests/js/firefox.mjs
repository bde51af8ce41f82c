// Drives Firefox for a test, line by line: node firefox.mjs FIREFOX. Each line asks one window for
// an address or the value of an expression; each gets one line back.
import readline from "node:readline";
import puppeteer from "puppeteer-core";

const browser = await puppeteer.launch({ browser: "firefox", executablePath: process.argv[2], headless: true });
const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
const windows = new Map();
async function windowOf(name) {
  if (!windows.has(name)) windows.set(name, await browser.newPage());
  return windows.get(name);
}

async function answer({ window, address, expression }) {
  const page = await windowOf(window);
  if (!address) return { value: await page.evaluate(expression) };
  await page.goto(address, { waitUntil: "domcontentloaded" });
  return {};
}

say({ version: await browser.version() });
for await (const line of readline.createInterface({ input: process.stdin })) {
  say(await answer(JSON.parse(line)).catch((error) => ({ failed: String(error) })));
}
await browser.close();
