// A page that the browser keeps for the trainee (feedback, certificate): it may only be read.
import { make } from "./dom.js";

const NOTHING = "There is nothing here yet.";
const LESSON = /^\d{2}-[a-z0-9-]{1,40}\/\d{1,2}-[a-z0-9-]{1,60}\.ipynb$/;
const UNREAD = "This page could not be read from your browser. Please reload it.";

export async function showKept(python, name, say) {
  try {
    const { content } = await python.ask({ act: "file", name });
    if (!content) return say(NOTHING);
    const html = new TextDecoder().decode(content);
    // With every right of a page taken away: no script, no form, no address but itself.
    const frame = make("iframe", { class: "al-kept", sandbox: "", title: document.title, srcdoc: html });
    document.getElementById("lesson").append(...named(html), frame);
    say();
  } catch {
    say(UNREAD);
  }
}

// The page inside may open nothing, so the lessons that it names are opened from here.
function named(html) {
  const found = new DOMParser().parseFromString(html, "text/html").querySelectorAll("span[data-lesson]");
  const lessons = new Map([...found].filter((one) => LESSON.test(one.dataset.lesson))
    .map((one) => [one.dataset.lesson, one.textContent]));
  if (!lessons.size) return [];
  const links = [...lessons].map(([address, title]) =>
    make("li", {}, make("a", { href: `${document.body.dataset.root}lessons/${address.replace(/ipynb$/, "html")}`, text: title })));
  return [make("p", { text: "These lessons help with answers that went less well:" }), make("ul", {}, ...links)];
}
