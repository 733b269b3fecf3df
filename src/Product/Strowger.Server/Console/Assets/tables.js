import { byId, element } from "./dom.js";
import { say } from "./say.js";
import { count, duration, percent, rate } from "./words.js";

const STATES = { up: "up", partly_up: "partly up", down: "down", paused: "paused" };

function fill(table, rows) {
  table.tBodies[0].replaceChildren(...rows.map((cells) => {
    const row = element("tr");
    row.append(...cells.map((cell, i) => {
      const made = element(i === 0 ? "th" : "td", typeof cell === "number" || i > 1 ? "n" : "", String(cell));
      if (i === 0) made.scope = "row";
      return made;
    }));
    return row;
  }));
}

/** The drawing in numbers. */
export function drawTables(view) {
  fill(byId("lanes-table"), view.lanes.map((l) => [say(l.name), count(l.waiting), rate(l.in_rate), rate(l.out_rate)]));
  for (const row of byId("lanes-table").tBodies[0].rows) row.cells[1].className = "n";
  fill(byId("channels-table"), view.channels.map((c) => [
    c.name,
    say(c.is_stuck ? "answers nothing" : STATES[c.state] ?? c.state) + (c.reason ? ` (${c.reason})` : ""),
    count(c.waiting),
    rate(c.used),
    c.rate === undefined ? say("no limit") : rate(c.rate),
    c.rate === undefined ? "" : percent(c.used / c.rate),
    say("{} of {}", count(c.in_flight), count(c.width)),
    c.round_trip_ms === undefined ? "" : duration(c.round_trip_ms),
    count(c.refused),
  ]));
}
