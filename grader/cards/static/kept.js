// A page that the browser keeps for the trainee (feedback, certificate): it may only be read.
import { make } from "./dom.js";

const NOTHING = "There is nothing here yet.";
const UNREAD = "This page could not be read from your browser. Please reload it.";

export async function showKept(python, name, say) {
  try {
    const { content } = await python.ask({ act: "file", name });
    if (!content) return say(NOTHING);
    const html = new TextDecoder().decode(content);
    // With every right of a page taken away: no script, no form, no address but itself.
    const frame = make("iframe", { class: "al-kept", sandbox: "", title: document.title, srcdoc: html });
    document.getElementById("lesson").append(frame);
    say();
  } catch {
    say(UNREAD);
  }
}
