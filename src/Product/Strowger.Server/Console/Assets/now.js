import { byId, element, setText } from "./dom.js";
import { say } from "./say.js";
import { count, moment } from "./words.js";
import { stream } from "./shell.js";
import { onKey } from "./keys.js";
import { River } from "./river.js";
import { Chart } from "./chart.js";
import { drawCode } from "./code.js";
import { drawTables } from "./tables.js";
import { Log } from "./log.js";
import { Demo } from "./demo.js";

const river = new River(byId("river"));
const chart = new Chart(byId("chart"));
const log = new Log(byId("log"));
const demo = new Demo(log);
let view = null;
let lostAt = 0;

stream.on("past", (past) => chart.setPast(past.points));
stream.on("live", (next) => {
  if (lostAt) log.back(lostAt, next);
  lostAt = 0;
  view = next;
  show(next);
});
stream.on("lost", () => {
  lostAt = Date.now();
  log.lost();
  demo.rest(true);
});

onKey("f", () => {
  const box = byId("flow-table-box");
  box.open = !box.open;
});

function show(v) {
  demo.rest(false);
  tell(v.sentence);
  byId("start").hidden = v.channels.length > 0;
  const isNew = v.channels.length === 0 && v.door.accepted_total === 0;
  byId("flow").hidden = isNew;
  byId("recent").hidden = isNew;
  river.show(v);
  chart.add(v.point);
  setText(byId("minute-now"), say("{} texts a second left, over the last 2 s", count(v.point.out)));
  drawCode(byId("code"), byId("code-which"), v.code);
  if (byId("flow-table-box").open) drawTables(v);
  log.show(v.happened);
  demo.show(v);
  setText(byId("about"), say("Strowger {} · running since {}", v.version, moment(v.started_ms)));
}

byId("flow-table-box").addEventListener("toggle", () => view && drawTables(view));

let spokenAt = -1e9;
let spokenTone = "";

function tell(sentence) {
  const box = byId("sentence");
  const pieces = sentence.pieces;
  while (box.childNodes.length > pieces.length) box.lastChild.remove();
  pieces.forEach((piece, i) => {
    const name = { Figure: "B", Alarm: "EM" }[piece.kind] ?? "SPAN";
    let node = box.childNodes[i];
    if (node?.nodeName !== name) {
      const made = element(name);
      if (node) node.replaceWith(made);
      else box.append(made);
      node = made;
    }
    setText(node, piece.time_ms === undefined ? piece.text : moment(piece.time_ms));
  });
  setText(byId("detail"), sentence.detail ?? "");
  document.title = `${box.textContent} · Strowger`;

  // Read out when the state changes, else at most every 20 s: a number that moves each second is no news.
  const now = performance.now();
  if (sentence.tone !== spokenTone || now - spokenAt > 20000) {
    setText(byId("spoken"), `${box.textContent} ${sentence.detail ?? ""}`);
    spokenAt = now;
    spokenTone = sentence.tone;
  }
}
