import { clock } from "./words.js";

const two = (n) => String(n).padStart(2, "0");

/** Times as written by the server, in UTC, into the reader's own zone; the day is left out when it is today. */
export function showTimes(root) {
  for (const time of root.querySelectorAll("time[data-form]")) {
    const at = new Date(time.dateTime);
    const ms = `.${String(at.getMilliseconds()).padStart(3, "0")}`;
    const isToday = at.toDateString() === new Date().toDateString();
    const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} `;
    const text = time.dataset.form === "exact" ? `${isToday ? "" : day}${clock(+at)}${ms}` : isToday ? clock(+at) : day + clock(+at);
    if (time.textContent !== text) time.textContent = text;
    time.title = time.dateTime;
  }
}

showTimes(document);
