// Numbers as a person reads them; the same rules as the server's.
import { language, say } from "./say.js";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const hundredth = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** Spanish groups by a narrow blank and has a decimal comma. */
const local = language === "es" ? (text) => text.replaceAll(/[.,]/g, (sign) => (sign === "," ? "\u202f" : ",")) : (text) => text;

export const count = (n) => local(whole.format(n));

export const rate = (n) => local((n >= 100 ? whole : n >= 10 ? tenth : hundredth).format(n));

export const percent = (share) =>
  `${local(((share > 0.95 && share < 0.9995) || (share > 0 && share < 0.095) ? tenth : whole).format(share * 100))} %`;

export function duration(ms) {
  if (ms < 0.5) return say("under 1 ms");
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 9.95) return `${local(tenth.format(s))} s`;
  if (s < 120) return `${Math.round(s)} s`;
  if (s < 7200) return two(Math.floor(s / 60), "min", Math.floor(s % 60), "s");
  if (s < 172800) return two(Math.floor(s / 3600), "h", Math.floor((s / 60) % 60), "min");
  return say("{} days", count(s / 86400));
}

const two = (large, of, small, than) => `${large} ${of}${small === 0 ? "" : ` ${small} ${than}`}`;

const digits = (n) => String(n).padStart(2, "0");

export function clock(ms) {
  const d = new Date(ms);
  return `${digits(d.getHours())}:${digits(d.getMinutes())}:${digits(d.getSeconds())}`;
}

/** A moment, with its day when that is not today. */
export function moment(ms) {
  const d = new Date(ms);
  return d.toDateString() === new Date().toDateString()
    ? clock(ms)
    : say("{} on {}", clock(ms), d.toLocaleDateString(language === "es" ? "es" : "en-GB", { weekday: "short", day: "numeric", month: "short" }));
}
