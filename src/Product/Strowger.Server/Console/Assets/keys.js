import { byId } from "./dom.js";

const help = byId("help");

function openHelp() {
  if (!help.open) help.showModal();
}

function turnTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("strowger-theme", root.dataset.theme);
  } catch { /* storage is switched off: good for this page */ }
}

byId("help-button").addEventListener("click", openHelp);
byId("theme-button").addEventListener("click", turnTheme);
help.addEventListener("click", (e) => e.target === help && help.close());

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select")) return;
  if (e.key === "?") openHelp();
  else if (help.open) return;
  else if (e.key === "t") turnTheme();
  else if (e.key === "f") {
    const box = byId("flow-table-box");
    box.open = !box.open;
  } else return;
  e.preventDefault();
});
