import { Drawing } from "./dom.js";
import { say } from "./say.js";
import { clock, count, rate } from "./words.js";

const SECONDS = 60;
const LEFT = 44;
const RIGHT = 8;
const TOP = 14;
const BOTTOM = 20;

/** Sent a second over the last minute, with the contract as a line. */
export class Chart {
  constructor(svg) {
    this.svg = svg;
    this.drawing = new Drawing(svg);
    this.points = [];
    this.height = 0;
    new ResizeObserver(() => this.draw()).observe(svg);
    svg.addEventListener("pointermove", (e) => {
      this.pointer = e.offsetX;
      this.draw();
    });
    svg.addEventListener("pointerleave", () => {
      this.pointer = undefined;
      this.draw();
    });
  }

  setPast(points) {
    // What this page saw before a restart of the server stays.
    const first = points[0]?.time_ms ?? Infinity;
    this.points = [...this.points.filter((p) => p.time_ms < first), ...points];
    this.draw();
  }

  add(point) {
    if (this.points.at(-1)?.time_ms !== point.time_ms) this.points.push(point);
    while (this.points.length > 2 * SECONDS) this.points.shift();
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.svg;
    if (!width || !this.points.length) return;
    const d = this.drawing;
    const now = this.points.at(-1).time_ms;
    const points = this.points.filter((p) => now - p.time_ms <= SECONDS * 1000 + 500);
    const contract = points.at(-1).contract;
    const top = ceiling(Math.max(1, contract ?? 0, ...points.map((p) => p.out)));
    const x = (ms) => LEFT + (width - LEFT - RIGHT) * (1 - (now - ms) / (SECONDS * 1000));
    const y = (value) => height - BOTTOM - ((height - TOP - BOTTOM) * value) / top;
    d.begin();
    for (const share of [0, 0.5, 1]) {
      d.put(`grid${share}`, "line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(top * share), y2: y(top * share) });
      d.put(`grid-text${share}`, "text", { class: "axis end", x: LEFT - 6, y: y(top * share) + 4 }, rate(top * share));
    }
    for (const s of [60, 30, 0]) {
      d.put(`time${s}`, "text", { class: s === 60 ? "axis" : s ? "axis middle" : "axis end", x: x(now - s * 1000), y: height - 4 }, s ? say("{} s ago", s) : say("now"));
    }
    const line = path(points, x, y);
    d.put("area", "path", { class: "area", d: `${line}V${y(0)}H${x(points[0].time_ms).toFixed(1)}Z` });
    d.put("line", "path", { class: "line", d: line });
    if (contract !== undefined) {
      d.put("contract", "line", { class: "contract", x1: LEFT, x2: width - RIGHT, y1: y(contract), y2: y(contract) });
      const below = y(contract) < 24;
      d.put("contract-text", "text", { class: "axis strong", x: LEFT + 6, y: y(contract) + (below ? 13 : -5) }, say("contract {} a second", rate(contract)));
    }
    const last = points.at(-1);
    d.put("dot", "circle", { class: "dot", cx: x(last.time_ms), cy: y(last.out), r: 3.5 });
    this.drawPointer(d, points, x, y, width, height);
    d.end();
  }

  drawPointer(d, points, x, y, width, height) {
    if (this.pointer === undefined) return;
    const near = points.reduce((a, b) => (Math.abs(x(b.time_ms) - this.pointer) < Math.abs(x(a.time_ms) - this.pointer) ? b : a));
    const at = x(near.time_ms);
    const isRight = at > width / 2;
    d.put("hair", "line", { class: "hair", x1: at, x2: at, y1: TOP, y2: height - BOTTOM });
    d.put("hair-dot", "circle", { class: "dot", cx: at, cy: y(near.out), r: 3.5 });
    d.put("hair-text", "text", { class: `axis strong halo ${isRight ? "end" : ""}`, x: at + (isRight ? -8 : 8), y: (TOP + height - BOTTOM) / 2 },
      say("{}  {} a second, {} waiting", clock(near.time_ms), rate(near.out), count(near.waiting)));
  }
}

/** A round number a little above. */
function ceiling(value) {
  const wanted = value * 1.08;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map((f) => f * power).find((v) => v >= wanted);
}

/** Straight where a second is missing (a restart), so that no line is drawn over what nobody saw. */
function path(points, x, y) {
  let d = "";
  points.forEach((p, i) => {
    const gap = i > 0 && p.time_ms - points[i - 1].time_ms > 2500;
    if (gap) d += `H${x(points[i - 1].time_ms).toFixed(1)}V${y(0).toFixed(1)}H${x(p.time_ms).toFixed(1)}`;
    d += `${i === 0 ? "M" : "L"}${x(p.time_ms).toFixed(1)} ${y(p.out).toFixed(1)}`;
  });
  return d;
}
