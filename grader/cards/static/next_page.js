// Going from page to page of a site without leaving: Python stays, and the next cards are live at once.

// The page of a click that would open one of ours in this window, or null.
function pageOf(event) {
  const link = event.target.closest?.("a[href]");
  const other = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || other || event.defaultPrevented || link.target || link.hasAttribute("download")) return null;
  const url = new URL(link.href);
  const lessons = new URL(`${document.body.dataset.root}lessons/`, location.href).href;
  const isHere = url.pathname === location.pathname && url.hash;
  return url.href.startsWith(lessons) && url.pathname.endsWith(".html") && !isHere ? url : null;
}

async function read(url) {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error("not there");
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

const version = ({ own }) => own?.split("/own/").pop();

// ``shown`` is told of each page that has come. A page of a newer version is loaded as a whole.
export function followLinks(shown) {
  let asked = 0;
  let here = location.href.split("#")[0];

  async function go(url, arrive) {
    const turn = ++asked;
    try {
      const next = await read(url);
      if (turn !== asked) return;
      if (version(next.body.dataset) !== version(document.body.dataset)) return location.assign(url);
      arrive();
      here = url.href.split("#")[0];
      document.title = next.title;
      for (const name of ["root", "page", "own", "hue"]) document.body.dataset[name] = next.body.dataset[name] ?? "";
      document.body.replaceChildren(...next.body.children);
      shown();
      // Only going there tells the styles which step the address names.
      if (url.hash) location.replace(url.hash);
      else document.getElementById("lesson").focus();
    } catch {
      location.assign(url); // the browser says itself what is wrong
    }
  }

  document.addEventListener("click", (event) => {
    const url = pageOf(event);
    if (!url) return;
    event.preventDefault();
    go(url, () => {
      history.pushState(null, "", url);
      scrollTo(0, 0);
    });
  });
  addEventListener("popstate", () => {
    const url = new URL(location.href);
    if (url.href.split("#")[0] !== here) go(url, () => {});
  });
}
