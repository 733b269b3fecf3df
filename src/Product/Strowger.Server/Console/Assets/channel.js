// What a rate would mean, told while it is typed.
import { byId, setText } from "./dom.js";
import { duration } from "./words.js";

const form = byId("speed");
const preview = byId("preview");

function tell() {
  const rate = Number(form.elements.rate.value.replaceAll(/\s/g, "").replace(",", "."));
  const waiting = Number(form.dataset.waiting);
  setText(preview, rate > 0 && waiting > 0 ? preview.dataset.words.replace("%", duration(Math.ceil(waiting / rate) * 1000)) : "");
}

form?.addEventListener("input", tell);
