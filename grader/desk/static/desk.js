// The desk by keyboard: points, comments and the next reply, each with one key.

const form = document.querySelector(".dk-form");
const said = document.querySelector(".dk-said");

function say(words) {
  if (said) said.textContent = words;
}

let isSent = false; // a key that is held down must not save twice

function send(what) {
  const button = form.querySelector(`button[value="${what}"]`);
  if (isSent || !button) return; // not every form can flag
  isSent = true;
  form.requestSubmit(button);
}

function setPoints(points) {
  const most = Number(form.dataset.most);
  if (points > most) {
    say(`Points here go from 0 to ${most}.`);
    return;
  }
  form.elements.points.value = String(points);
  say(`${points} of ${most}. Enter saves.`);
}

function addHalf() {
  const points = Number(form.elements.points.value.replace(",", ".") || 0);
  const whole = Math.floor(points);
  setPoints(points === whole ? whole + 0.5 : whole);
}

function saveAndNext() {
  const { points, suggested } = form.elements;
  if (!points.value.trim() && !suggested) {
    say(form.dataset.blank ?? "Choose points first. The course is not sure here, so you decide.");
    return;
  }
  send("mark");
}

function takeComment(button) {
  const { comment } = form.elements;
  comment.value = [comment.value.trim(), button.dataset.comment].filter(Boolean).join("\n");
  const bank = document.querySelector("#bank");
  if (bank) bank.open = false;
  say("The comment is added. Enter saves.");
  document.activeElement.blur();
}

function digit(key) {
  const bank = document.querySelector("#bank");
  if (!bank?.open) {
    setPoints(Number(key));
    return;
  }
  const button = bank.querySelectorAll("[data-comment]")[Number(key) - 1];
  if (button) takeComment(button);
}

function toggleBank() {
  const bank = document.querySelector("#bank");
  if (!bank) return;
  bank.open = !bank.open;
  if (bank.open) bank.scrollIntoView({ block: "nearest" });
  say(bank.open ? "Press the number of a comment." : "");
}

function toggleActs() {
  const acts = document.querySelector("#acts");
  if (!acts) return;
  acts.open = !acts.open;
  if (acts.open) acts.querySelector("input").focus();
  else document.activeElement.blur();
}

function go(where) {
  if (where) location.assign(where);
}

const KEYS = {
  ".": addHalf,
  ",": addHalf,
  Enter: saveAndNext,
  c: () => form.elements.comment.focus(),
  k: toggleBank,
  a: toggleActs,
  f: () => send("flag"),
  u: () => send("undo"),
  n: () => go(form.dataset.next),
  p: () => go(form.dataset.back),
};

function inComment(event) {
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    saveAndNext();
  } else if (event.key === "Escape") {
    event.target.blur();
  }
}

function isOwn(event) {
  // What a focused control does with a key is its own affair.
  const { target, key } = event;
  if (key === "Enter") return target.matches("a, button, summary, input[type=checkbox]");
  return target.matches("input:not([type=checkbox]), select");
}

function onKey(event) {
  if (event.target.matches("textarea")) {
    inComment(event);
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || isOwn(event)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const work = /^[0-9]$/.test(key) ? () => digit(key) : KEYS[key];
  if (work) {
    event.preventDefault();
    work();
  }
}

function mark() {
  addEventListener("pageshow", () => {
    isSent = false;
  });
  document.addEventListener("keydown", onKey);
  for (const button of form.querySelectorAll("[data-points]")) {
    button.addEventListener("click", () => setPoints(Number(button.dataset.points)));
  }
  for (const button of form.querySelectorAll("[data-comment]")) {
    button.addEventListener("click", () => takeComment(button));
  }
  form.querySelector("[data-half]").addEventListener("click", addHalf);
  form.elements.points.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      saveAndNext();
    } else if (event.key === "Escape") event.target.blur();
  });
}

function undoByKey(button) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("textarea, input:not([type=checkbox])");
    if (event.key.toLowerCase() === "u" && !typing && !event.ctrlKey && !event.metaKey) button.click();
  });
}

async function watch(main) {
  const far = document.querySelector("#far");
  const bar = document.querySelector("progress");
  try {
    const state = await (await fetch(main.dataset.watch)).json();
    if (state.over) {
      location.reload();
      return;
    }
    far.textContent = state.far;
    bar.value = state.share;
  } catch {
    far.textContent = "The desk does not answer. Look where you started it.";
  }
  setTimeout(watch, 1000, main);
}

function takeDrops(drop) {
  const input = drop.querySelector("input[type=file]");
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("dk-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }
}

const undo = document.querySelector("[data-undo]");
const running = document.querySelector("[data-watch]");
const drop = document.querySelector(".dk-drop");
if (form) mark();
if (undo) undoByKey(undo);
if (running) setTimeout(watch, 500, running);
if (drop) takeDrops(drop);
