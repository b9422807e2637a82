"use strict";
// The page holds both languages; this chooses which one is shown.
const page = document.documentElement;
const button = document.getElementById("language");
function show(language) {
  page.lang = language;
  document.title = page.dataset[language];
  button.textContent = language === "ja" ? "English" : "日本語";
  button.lang = language === "ja" ? "en" : "ja";
}
const asked = new URLSearchParams(location.search).get("lang");
show((asked || navigator.language || "en").toLowerCase().startsWith("ja") ? "ja" : "en");
button.addEventListener("click", () => show(page.lang === "ja" ? "en" : "ja"));
button.hidden = false;
