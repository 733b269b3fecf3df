import { element } from "./dom.js";
import { say } from "./say.js";
import { clock, duration } from "./words.js";

const MOST = 30;

/** What the server tells, and what only this page can know: that the server was gone. Kept over the server's death. */
export class Log {
  constructor(list) {
    this.list = list;
    this.lines = new Map();
  }

  show(happened) {
    let isNew = false;
    for (const line of happened) {
      const key = `${line.time_ms} ${line.text}`;
      if (!this.lines.has(key)) {
        this.lines.set(key, line);
        isNew = true;
      }
    }
    if (isNew) this.draw();
  }

  tell(tone, text, at = Date.now()) {
    this.show([{ time_ms: at, tone, text }]);
  }

  lost() {
    this.tell("Trouble", say("This page has lost the server; what it shows is old until it answers again."));
  }

  back(lostAt, view) {
    const isNew = view.started_ms > lostAt - 10000 && view.started_ms !== this.started;
    this.tell("Calm", say(isNew ? "The server is back after {}." : "The server answers again after {}.", duration(Date.now() - lostAt)));
    this.started = view.started_ms;
  }

  draw() {
    const lines = [...this.lines.entries()].sort((a, b) => b[1].time_ms - a[1].time_ms);
    for (const [key] of lines.slice(MOST)) this.lines.delete(key);
    this.list.replaceChildren(...lines.slice(0, MOST).map(([, line]) => {
      const item = element("li", line.tone.toLowerCase());
      const time = element("time", "", clock(line.time_ms));
      time.dateTime = new Date(line.time_ms).toISOString();
      item.append(time, element("span", "", line.text));
      return item;
    }));
  }
}
