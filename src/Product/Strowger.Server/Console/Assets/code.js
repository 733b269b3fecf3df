import { element, setText } from "./dom.js";
import { say } from "./say.js";
import { count, duration, rate } from "./words.js";

/** The life of one code, and below it how long it would have stood behind all that waits. */
export function drawCode(box, which, code) {
  if (!code) {
    setText(which, "");
    if (box.dataset.id !== "none") {
      box.dataset.id = "none";
      box.replaceChildren(element("p", "empty", say("None has come yet. A text with priority urgent is shown here from accepted to delivered, in milliseconds.")));
    }
    return;
  }

  const age = Math.max(0, Date.now() - code.accepted_ms);
  setText(which, age < 1500 ? say("to {}, now", code.to) : say("to {}, {} ago", code.to, duration(age)));
  const key = JSON.stringify([code.id, code.status, code.steps, code.plain_queue_ms]);
  if (box.dataset.id === key) return;
  box.dataset.id = key;

  const line = element("ol", "life");
  code.steps.forEach((step, i) => {
    const isDone = step.after_ms !== undefined;
    const item = element("li", isDone ? "done" : "");
    const before = [...code.steps.slice(0, i)].reverse().find((s) => s.after_ms !== undefined);
    const between = i === 0 || !isDone ? "" : plus(step.after_ms - before.after_ms);
    item.append(element("span", "gap", between), element("i"), element("span", "name", say(step.name)));
    line.append(item);
  });

  const sent = code.steps[2].after_ms;
  const rows = element("dl", "race");
  bar(rows, say("Its own lane"), sent, code.plain_queue_ms, "own", sent === undefined ? say("on its way") : say("{} until the carrier had it", duration(sent)));
  if (code.plain_queue_ms !== undefined && code.plain_queue_ms > (sent ?? 0)) {
    bar(rows, say("One plain queue"), code.plain_queue_ms, code.plain_queue_ms, "plain",
      say("it would have waited {}: {} texts ahead, {} a second", duration(code.plain_queue_ms), count(code.behind), rate(code.at_rate)));
  }
  box.replaceChildren(line, rows);
  if (code.trouble) box.append(element("p", "trouble", code.trouble));
}

const plus = (ms) => (ms < 0.5 ? "< 1 ms" : `+${duration(ms)}`);

function bar(rows, name, ms, longest, className, words) {
  const value = element("dd", className);
  const track = element("span", "track");
  const fill = element("i");
  fill.style.width = `${Math.max(0.4, Math.min(100, longest > 0 ? ((ms ?? 0) / Math.max(longest, ms ?? 0)) * 100 : 0.4))}%`;
  track.append(fill);
  value.append(track, element("span", "", words));
  rows.append(element("dt", "", name), value);
}
