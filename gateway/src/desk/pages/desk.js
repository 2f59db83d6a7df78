// Saves page loads; every page does without.
"use strict";

const main = document.getElementById("main");
const lock = document.querySelector("[data-lock]");
const windows = window.BroadcastChannel ? new BroadcastChannel("desk") : { postMessage() {} };

// Locking sends the page's form along, so that what is typed is kept: the one that was typed into last.
let isLocking = false;
const leave = () => { if (lock && !isLocking) { isLocking = true; lock.click(); } };
if (lock) {
  lock.addEventListener("click", () => { isLocking = true; windows.postMessage("locked"); });
  if (lock.form && lock.form.id === "work") main.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || form.method !== "post" || form.querySelector("[type=password]")) return;
    if (!form.id) form.id = "typed";
    lock.setAttribute("form", form.id);
  });
}

// Asks the desk; one that was locked meanwhile is shown so.
const ask = async (path, fields) => {
  const body = fields && new URLSearchParams(fields);
  const answer = await fetch(path, body ? { method: "POST", body } : {}).catch(() => null);
  if (!answer) return null;
  const isOut = answer.status === 401 || answer.status === 403 || (answer.redirected && /^\/(locked|login)$/.test(new URL(answer.url).pathname));
  if (isOut) leave();
  return answer.ok && !answer.redirected ? answer.text() : null;
};
const csrfOf = (form) => form.querySelector("[name=csrf]").value;

// Results while one types. No address says what is searched for.
const line = document.querySelector("[data-live]");
if (line) {
  const results = document.getElementById("results");
  let waiting, asked = 0;
  const look = async (more) => {
    const mine = ++asked;
    const text = await ask("/search/list", { csrf: csrfOf(line.form), q: line.value, ...more });
    if (text === null || mine !== asked) return false;
    results.innerHTML = text;
    return true;
  };
  line.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 120); });
  // Who opens an entry comes back to the same results.
  results.addEventListener("click", async (event) => {
    const link = event.target.closest("a.name");
    if (!link || link.search || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    clearTimeout(waiting);
    const kept = await look({ keep: "1" });
    const number = kept && results.querySelector("[name=s]");
    if (number) history.replaceState(null, "", `/?s=${number.value}`);
    location.href = number ? `${link.pathname}?s=${number.value}` : link.href;
  });
}

// One key each: "/" to search, Alt and a digit for the parts of the desk.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.key === "/" && !typing) {
    event.preventDefault();
    const search = document.querySelector("[data-live]");
    if (search) { search.focus(); search.select(); } else location.href = "/";
  }
  if (event.altKey && event.key >= "1" && event.key <= "9") {
    const part = document.querySelectorAll("nav a")[Number(event.key) - 1];
    if (part) { event.preventDefault(); location.href = part.href; }
  }
});

// A desk left alone locks itself, in all its windows; one where somebody works says so once a minute.
if (lock) {
  let left, said = Date.now();
  const stay = () => {
    clearTimeout(left);
    left = setTimeout(leave, 5 * 60 * 1000);
    if (Date.now() - said > 60 * 1000) { said = Date.now(); ask("/here"); }
  };
  for (const sign of ["pointerdown", "keydown", "scroll"]) document.addEventListener(sign, stay, { passive: true });
  stay();
}
windows.onmessage = (message) => {
  if (message.data === "locked") leave();
  if (message.data === "open" && document.querySelector("[data-locked]")) location.replace("/locked");
};
if (lock) windows.postMessage("open");

// What is still under way is looked at again, which keeps no desk open.
const soon = document.querySelector("[data-again]");
if (soon) setTimeout(() => location.replace(`${location.pathname}?again=1`), Number(soon.dataset.again));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What is hard to read, while one writes.
for (const text of document.querySelectorAll("[data-lint]")) {
  const hints = document.getElementById(`${text.id}-hard`);
  let waiting;
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const said = await ask("/lint", { csrf: csrfOf(text.form), text: text.value, in: text.id.split("_")[1] || document.documentElement.lang });
      if (said === null) return;
      hints.replaceChildren(...said.split("\n").filter(Boolean).map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    }, 400);
  });
}
