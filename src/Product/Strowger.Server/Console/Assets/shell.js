// What every page has: the stream, live numbers, times in the reader's zone, keys, the palette.
import { byId, setText } from "./dom.js";
import { Stream } from "./stream.js";
import { showTimes } from "./times.js";
import { clock } from "./words.js";
import "./keys.js";
import "./palette.js";

const texts = byId("texts").dataset;
export const stream = new Stream(document.body.dataset.topic);

let lastMs = 0;
let shape = document.body.dataset.shape ?? null;

stream.on("heard", (data) => {
  lastMs = data.time_ms;
  document.body.classList.remove("stale", "waiting");
  setText(byId("pulse-words"), `${texts.live} · ${clock(lastMs)}`);
});

stream.on("lost", () => {
  document.body.classList.add("stale");
  setText(byId("pulse-words"), `${texts.stale} ${clock(lastMs)}`);
});

stream.on("values", (data) => {
  // A row came or went, or a state turned: the parts that depend on it are asked for again.
  if (shape !== null && shape !== data.shape) {
    for (const part of document.querySelectorAll("[data-refresh]")) part.dispatchEvent(new CustomEvent("refresh"));
  }
  shape = data.shape;
  for (const place of document.querySelectorAll("[data-live]")) {
    const value = data.values[place.dataset.live];
    if (value !== undefined) setText(place, value);
  }
  for (const bar of document.querySelectorAll("[data-live-width]")) {
    const value = data.values[`${bar.dataset.liveWidth}:width`];
    if (value !== undefined && bar.getAttribute("width") !== value) bar.setAttribute("width", value);
  }
});

showTimes(document);
// What was asked for again shows its times in the reader's zone too.
document.addEventListener("htmx:after:swap", () => showTimes(document));
document.addEventListener("htmx:after:settle", () => showTimes(document));

// A dangerous form asks once more; without a script it is asked by a page of its own.
document.addEventListener("submit", (e) => {
  const words = e.submitter?.dataset.confirm ?? e.target.dataset.confirm;
  if (words && !confirm(words)) e.preventDefault();
});

// A filter applies as it is chosen.
document.addEventListener("change", (e) => {
  if (e.target.matches("[data-submit]")) e.target.form.requestSubmit();
});

document.addEventListener("click", (e) => {
  const button = e.target.closest("[data-copy]");
  if (button) navigator.clipboard?.writeText(byId(button.dataset.copy).textContent.trim()).then(() => setText(button, button.dataset.copied));
});

addEventListener("DOMContentLoaded", () => stream.start());
