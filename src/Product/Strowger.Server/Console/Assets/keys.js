import { byId } from "./dom.js";
import { openPalette } from "./palette.js";

const help = byId("help");
const own = new Map();
let isGoing = false;
let goingTimer = 0;

/** A key of one page. */
export function onKey(key, act) {
  own.set(key, act);
}

function turnTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("strowger-theme", root.dataset.theme);
  } catch { /* storage is switched off: good for this page */ }
}

/** The next or the last row that can be opened; its link has the focus, so Enter opens it. */
function step(by) {
  const links = [...document.querySelectorAll("a[data-row]")];
  if (links.length === 0) return false;
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))].focus();
  return true;
}

function go(key) {
  const link = [...document.querySelectorAll("nav a[data-key]")].find((a) => a.dataset.key === key);
  if (!link) return false;
  link.click();
  return true;
}

byId("help-button").addEventListener("click", () => help.showModal());
byId("theme-button").addEventListener("click", turnTheme);
byId("find-button").addEventListener("click", openPalette);
help.addEventListener("click", (e) => e.target === help && help.close());

document.addEventListener("keydown", (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
    e.preventDefault();
    openPalette();
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, dialog[open]")) return;
  if (isGoing) {
    isGoing = false;
    clearTimeout(goingTimer);
    if (go(e.key)) e.preventDefault();
    return;
  }
  if (e.key === "?") help.showModal();
  else if (e.key === "t") turnTheme();
  else if (e.key === "/") openPalette();
  else if (e.key === "g") {
    isGoing = true;
    goingTimer = setTimeout(() => (isGoing = false), 1500);
  } else if (e.key === "j" || e.key === "k") {
    if (!step(e.key === "j" ? 1 : -1)) return;
  } else if (own.has(e.key)) own.get(e.key)();
  else return;
  e.preventDefault();
});
