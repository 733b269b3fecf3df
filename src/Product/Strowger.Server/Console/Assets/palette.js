// Find anything by typing: the lines come from the server.
import { byId } from "./dom.js";

const box = byId("palette");
const input = byId("palette-input");
const list = byId("palette-list");

export function openPalette() {
  if (box.open) return;
  box.showModal();
  input.select();
  input.dispatchEvent(new CustomEvent("open"));
}

function lines() {
  return [...list.querySelectorAll("[role=option]")];
}

function open(line) {
  if (line) location.assign(line.dataset.path);
}

function select(line) {
  for (const other of lines()) other.setAttribute("aria-selected", String(other === line));
  input.setAttribute("aria-activedescendant", line?.id ?? "");
  line?.scrollIntoView({ block: "nearest" });
}

input.addEventListener("keydown", (e) => {
  const all = lines();
  const at = all.findIndex((l) => l.getAttribute("aria-selected") === "true");
  if (e.key === "ArrowDown") select(all[Math.min(all.length - 1, at + 1)]);
  else if (e.key === "ArrowUp") select(all[Math.max(0, at - 1)]);
  else if (e.key === "Enter") open(all[Math.max(0, at)]);
  else return;
  e.preventDefault();
});

list.addEventListener("click", (e) => open(e.target.closest("[role=option]")));
new MutationObserver(() => input.setAttribute("aria-activedescendant", lines()[0]?.id ?? "")).observe(list, { childList: true });
box.addEventListener("click", (e) => e.target === box && box.close());
