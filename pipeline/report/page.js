"use strict";
// The page holds both languages; this chooses which one is shown, and makes long lists searchable.
const page = document.documentElement;
const button = document.getElementById("language");

// Some browsers keep nothing for a page opened from disk, and say so by an error.
function remembered() {
  try { return localStorage.getItem("seimai-language"); } catch { return null; }
}
function remember(language) {
  try { localStorage.setItem("seimai-language", language); } catch { /* then not */ }
}
function show(language) {
  page.lang = language;
  document.title = page.dataset[language];
  button.textContent = language === "ja" ? "English" : "日本語";
  button.lang = language === "ja" ? "en" : "ja";
}
const asked = new URLSearchParams(location.search).get("lang");
const first = asked || remembered() || page.dataset.first || navigator.language || "en";
show(first.toLowerCase().startsWith("ja") ? "ja" : "en");
button.addEventListener("click", () => {
  show(page.lang === "ja" ? "en" : "ja");
  remember(page.lang);
});
button.hidden = false;

// --- long lists: the first rows, all of them, those that are searched for, in any order ---
const FIRST = 20;

function said(cell) {
  const copy = cell.cloneNode(true);
  for (const other of copy.querySelectorAll(page.lang === "ja" ? ".en" : ".ja")) other.remove();
  return copy.textContent.trim();
}
function figure(cell) {
  const number = parseFloat(said(cell).replace(/[,<%]/g, ""));
  return Number.isNaN(number) ? -Infinity : number;
}
for (const list of document.querySelectorAll(".list")) {
  const body = list.querySelector("tbody");
  const field = list.querySelector("input");
  const more = list.querySelector(".every");
  let all = false;
  const refresh = () => {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    for (const row of body.rows) {
      // Searched in both languages: people search for what they remember.
      const fits = !wanted || row.textContent.toLowerCase().includes(wanted);
      row.hidden = !fits || (!all && !wanted && shown >= FIRST);
      if (fits) shown += 1;
    }
    more.hidden = all || wanted !== "" || shown <= FIRST;
  };
  list.querySelector(".search").hidden = body.rows.length <= 5;
  field.addEventListener("input", refresh);
  more.firstElementChild.addEventListener("click", () => { all = true; refresh(); });
  for (const head of list.querySelectorAll("thead th:not(.chart)")) {
    const sorter = document.createElement("button");
    sorter.type = "button";
    sorter.append(...head.childNodes);
    head.append(sorter);
    sorter.addEventListener("click", () => {
      const numbers = head.classList.contains("n");
      const before = head.getAttribute("aria-sort");
      const down = before ? before === "ascending" : numbers;
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = numbers ? figure : said;
      const rows = [...body.rows].map((row) => [value(row.cells[head.cellIndex]), row]);
      rows.sort(([a], [b]) => (numbers ? a - b : a.localeCompare(b, page.lang)) * (down ? -1 : 1));
      body.append(...rows.map(([, row]) => row));
      refresh();
    });
  }
  refresh();
}
// What is folded or hidden comes to paper as well.
addEventListener("beforeprint", () => {
  for (const row of document.querySelectorAll(".list tr[hidden]")) row.hidden = false;
});
