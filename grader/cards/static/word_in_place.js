// A word of the course opens where it stands; without this, its link leads to the page of words.
const WORD = /glossary\.(?:ipynb|html)#term-([a-z0-9-]+)$/;

// Called once, and before other ways of following links.
export function openWords() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".al-prose a[href]");
    const name = WORD.exec(link?.getAttribute("href") ?? "")?.[1];
    const word = name && document.getElementById(`word-${name}`);
    if (!word?.showPopover || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    word.showPopover(); // Esc and a tap outside close it, and the focus goes back
    word.focus();
  });
}
