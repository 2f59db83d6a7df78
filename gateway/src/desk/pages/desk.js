// Saves page loads; every page does without.
"use strict";

// Results while one types.
const line = document.querySelector("[data-live]");
if (line) {
  const results = document.getElementById("results");
  let waiting, asked = 0;
  const look = async () => {
    const mine = ++asked;
    const answer = await fetch(`/search/list?q=${encodeURIComponent(line.value)}`, { headers: { "X-Part": "1" } }).catch(() => null);
    if (answer && answer.ok && !answer.redirected && mine === asked) results.innerHTML = await answer.text();
  };
  line.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 120); });
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

// A desk left alone locks itself.
const lock = document.querySelector('form[action="/lock"]');
if (lock) {
  let left;
  const stay = () => { clearTimeout(left); left = setTimeout(() => lock.submit(), 5 * 60 * 1000); };
  for (const sign of ["pointerdown", "keydown", "scroll"]) document.addEventListener(sign, stay, { passive: true });
  stay();
}

// What is still under way is looked at again.
const soon = document.querySelector("[data-again]");
if (soon) setTimeout(() => location.reload(), Number(soon.dataset.again));

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
      const token = text.form.querySelector("[name=csrf]").value;
      const body = new URLSearchParams({ csrf: token, text: text.value, in: text.id.split("_")[1] || document.documentElement.lang });
      const answer = await fetch("/lint", { method: "POST", body }).catch(() => null);
      if (!answer || !answer.ok) return;
      const said = (await answer.text()).split("\n").filter(Boolean);
      hints.replaceChildren(...said.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    }, 400);
  });
}
