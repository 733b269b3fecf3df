import { Drawing, Glide } from "./dom.js";
import { channelLayout, layout } from "./layout.js";
import { say } from "./say.js";
import { count, duration, percent, rate } from "./words.js";

const SAYS = { urgent: "one-time codes, alarms", normal: "everyday texts", bulk: "campaigns" };

const BIND_STATES = { waiting: "tries again", connecting: "connects", binding: "binds", refused: "refused", stopped: "stopped" };

/** The flow from left to right: door, lanes, one pipe a channel, its binds. Widths are rates; a pipe's height is its contract. */
export class River {
  constructor(svg) {
    this.svg = svg;
    this.drawing = new Drawing(svg);
    this.glide = new Glide((values) => this.draw(values));
    new ResizeObserver(() => this.view && this.draw(this.glide.values(performance.now()))).observe(svg);
  }

  show(view) {
    this.view = view;
    const values = { door: view.door.rate };
    view.lanes.forEach((lane, i) => {
      values[`wait${i}`] = lane.waiting;
      values[`in${i}`] = lane.in_rate;
      values[`out${i}`] = lane.out_rate;
    });
    for (const channel of view.channels) {
      values[`used ${channel.name}`] = channel.used;
      channel.lane_rates.forEach((r, i) => (values[`lane${i} ${channel.name}`] = r));
    }
    this.glide.aim(values);
  }

  draw(values) {
    const width = this.svg.clientWidth;
    if (!width) return;
    const { view, drawing: d } = this;
    const at = layout(width, view.channels);
    this.svg.style.height = `${at.height}px`;
    d.begin();
    const pipes = view.channels.map((channel, i) => channelLayout(at, channel, i, values));
    this.drawRibbons(d, at, pipes, values);
    this.drawDoor(d, at, values);
    view.lanes.forEach((lane, i) => this.drawLane(d, at, lane, i, values));
    pipes.forEach((pipe) => drawPipe(d, at, pipe));
    if (view.channels_not_shown > 0) {
      d.put("more", "text", { class: "small", x: at.pipeX, y: at.height - 6 }, say("and {} more channels", count(view.channels_not_shown)));
    }
    d.end();
  }

  /** From the door into each lane, from each lane into each pipe: as wide as what flows. */
  drawRibbons(d, at, pipes, values) {
    const laneExit = [0, 1, 2].map((i) => at.lanes[i].y);
    for (const lane of [0, 1, 2]) {
      const into = values[`in${lane}`];
      const y = at.lanes[lane].y;
      ribbon(d, `in${lane}`, at.doorX, at.lanes[1].y + (lane - 1) * at.tank * 1.15, y, at.laneX, thick(into, at), thick(into, at), into > 0);
    }
    for (const pipe of pipes) {
      let top = pipe.y + pipe.height - pipe.fill;
      for (const lane of [0, 1, 2]) {
        const flow = values[`lane${lane} ${pipe.channel.name}`];
        const end = Math.min(pipe.fill, flow * pipe.perRate);
        const start = Math.min(at.tank, Math.max(end, flow > 0 ? 2 : 0));
        ribbon(d, `out${lane} ${pipe.channel.name}`, at.laneEnd, laneExit[lane], top + end / 2, at.pipeX, start, Math.max(end, flow > 0 ? 2 : 0), flow > 0);
        if (flow <= 0 && (pipes.length === 1 || (pipe.fill === 0 && lane === 1))) thread(d, `idle${lane} ${pipe.channel.name}`, at.laneEnd, laneExit[lane], pipe.y + pipe.height / 2, at.pipeX);
        top += end;
      }
    }
  }

  drawDoor(d, at, values) {
    const { door } = this.view;
    const [top, bottom] = [at.lanes[0].y - at.tank / 2, at.lanes[2].y + at.tank / 2];
    d.put("door", "rect", { class: door.is_open ? "door" : "door shut", x: at.doorX - 6, y: top, width: 6, height: bottom - top, rx: 3 });
    if (at.isNarrow) {
      d.put("door-words", "text", { class: "small", x: 0, y: 16 }, say("{} a second in · {} since start", rate(Math.round(door.rate)), count(door.accepted_total)));
      return;
    }
    const y = at.lanes[1].y;
    d.put("door-name", "text", { class: "name", x: 0, y: y - 40 }, say(door.is_open ? "Door" : "Door, shut"));
    d.put("door-rate", "text", { class: "big", x: 0, y: y + 2 }, rate(door.rate < 10 ? door.rate : Math.round(door.rate)));
    d.put("door-unit", "text", { class: "small", x: 0, y: y + 22 }, say("accepted a second"));
    d.put("door-all", "text", { class: "small", x: 0, y: y + 42 }, say("{} since start", count(door.accepted_total)));
  }

  drawLane(d, at, lane, i, values) {
    const { y } = at.lanes[i];
    const top = y - at.tank / 2;
    const length = at.laneEnd - at.laneX;
    const waiting = values[`wait${i}`];
    const share = this.view.peak_waiting > 0 ? Math.min(1, waiting / this.view.peak_waiting) : 0;
    const fill = waiting > 0 ? Math.max(3, share * length) : 0;
    d.put(`tank${i}`, "rect", { class: "tank", x: at.laneX, y: top, width: length, height: at.tank, rx: 4 });
    d.put(`tank-fill${i}`, "rect", { class: "waiting", x: at.laneEnd - fill, y: top, width: fill, height: at.tank, rx: Math.min(4, fill / 2) });
    d.put(`lane-name${i}`, "text", { class: "name", x: at.laneX, y: top - 8 }, say(lane.name));
    d.put(`lane-wait${i}`, "text", { class: `${at.isNarrow ? "mid" : "big"} end ${lane.waiting ? "" : "nil"}`, x: at.laneEnd, y: top - 8 }, count(lane.waiting));
    if (at.isNarrow) return;
    d.put(`lane-says${i}`, "text", { class: "small", x: at.laneX, y: top + at.tank + 17 }, say(SAYS[lane.name] ?? ""));
    const out = lane.out_rate;
    d.put(`lane-out${i}`, "text", { class: "small end", x: at.laneEnd, y: top + at.tank + 17 }, out > 0 ? say("waiting, {} a second leave", rate(out < 10 ? out : Math.round(out))) : say("waiting"));
  }
}

function thick(value, at) {
  return value <= 0 ? 0 : Math.max(2, Math.min(at.tank, value * at.perRate));
}

function curve(x1, y1, y2, x2) {
  const middle = (x1 + x2) / 2;
  return `C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

function thread(d, key, x1, y1, y2, x2) {
  d.put(key, "path", { class: "thread", d: `M${x1} ${y1}${curve(x1, y1, y2, x2)}` });
}

function ribbon(d, key, x1, y1, y2, x2, w1, w2, isFlowing) {
  if (!isFlowing) {
    if (key.startsWith("in")) thread(d, `idle ${key}`, x1, y1, y2, x2);
    return;
  }
  const [a, b] = [w1 / 2, w2 / 2];
  d.put(key, "path", { class: "ribbon", d: `M${x1} ${y1 - a}${curve(x1, y1 - a, y2 - b, x2)}V${y2 + b}${curve(x2, y2 + b, y1 + a, x1)}Z` });
  d.put(`${key} drops`, "path", { class: "drops", d: `M${x1} ${y1}${curve(x1, y1, y2, x2)}` });
}

function drawPipe(d, at, pipe) {
  const { channel: c, y, height, fill } = pipe;
  const key = c.name;
  const isWell = c.state === "up" && !c.is_stuck;
  const isDown = c.state === "down" || c.is_stuck;
  const length = at.pipeEnd - at.pipeX;
  d.put(`pipe ${key}`, "rect", { class: `pipe ${isDown ? "bad" : ""} ${c.rate === undefined ? "open" : ""}`, x: at.pipeX, y, width: length, height, rx: 4 });
  if (fill > 0) {
    d.put(`fill ${key}`, "rect", { class: "fill", x: at.pipeX, y: y + height - fill, width: length, height: fill, rx: Math.min(4, fill / 2) });
    for (const share of fill > 40 ? [0.14, 0.86] : fill > 10 ? [0.5] : []) {
      const at2 = y + height - fill * share;
      d.put(`streak${share} ${key}`, "path", { class: `streak ${share > 0.5 ? "late" : ""}`, d: `M${at.pipeX} ${at2}H${at.pipeEnd}` });
    }
  }
  drawPipeWords(d, at, pipe, isWell, isDown);
  drawBinds(d, at, pipe);
}

function drawPipeWords(d, at, pipe, isWell, isDown) {
  const { channel: c, y, height, fill } = pipe;
  const { used } = c;
  const key = c.name;
  const number = rate(used < 10 ? used : Math.round(used));
  const bound = c.binds.filter((b) => b.is_bound).length;
  const all = c.binds.length + c.binds_not_shown;
  const state = c.is_stuck ? say("answers nothing") : c.state === "paused" ? say("paused") : c.state === "down" ? say("down") : "";
  d.put(`name ${key}`, "text", { class: "name", x: at.pipeX, y: y - 10 }, c.name);
  d.put(`state ${key}`, "text", { class: `small end ${isDown ? "alarm" : ""}`, x: at.pipeEnd, y: y - 10 },
    state || (at.isNarrow && c.name.length > 8 ? "" : all > 0 ? say("{} of {} bound", bound, all) : say("up")));

  if (height >= 40) {
    // Twice, each where it can be read: over the fill and over the empty pipe.
    const text = { x: at.pipeX + 14, y: y + height / 2 + 9 };
    const clip = `clip-${pipe.index}`;
    const full = d.put(`clip ${key}`, "clipPath", { id: clip });
    if (!full.firstChild) full.append(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
    for (const [a, v] of Object.entries({ x: at.pipeX, y: y + height - fill, width: at.pipeEnd - at.pipeX, height: fill })) full.firstChild.setAttribute(a, v);
    const words = say(at.isNarrow ? "{}/s" : "{} a second", number);
    const size = at.isNarrow ? "mid" : "big";
    d.put(`number ${key}`, "text", { class: `${size} ${used ? "" : "nil"}`, ...text }, words);
    d.put(`number2 ${key}`, "text", { class: `${size} on-fill`, "clip-path": `url(#${clip})`, ...text }, words);
  }

  const low = y + height + 18;
  const small = height < 40 ? `${say(at.isNarrow ? "{}/s" : "{} a second", number)}, ` : "";
  const of = c.rate === undefined ? say("no limit") : say(at.isNarrow ? "{} of {}" : "{} of {} a second, its contract", percent(used / c.rate), rate(c.rate));
  d.put(`of ${key}`, "text", { class: "small", x: at.pipeX, y: low }, small + of);
  const why = c.is_throttled ? say("takes only {} a second now; refused {} as too fast", rate(c.rate_now), count(c.refused))
    : !isWell && c.reason ? (at.isNarrow ? c.reason.replace(/^\S+: /, "") : c.reason)
    : at.isNarrow || c.round_trip_ms === undefined ? say("{} of {} on the wire", count(c.in_flight), count(c.width))
    : say("{} of {} on the wire, answers in {}", count(c.in_flight), count(c.width), duration(c.round_trip_ms));
  const isAlarm = c.is_throttled || (!isWell && c.state !== "paused" && c.reason);
  const room = Math.floor((at.width - at.pipeX) / 6.4);
  d.put(`why ${key}`, "text", { class: `small ${isAlarm ? "alarm" : ""}`, x: at.pipeX, y: low + 17 }, why.length > room ? `${why.slice(0, room - 1)}…` : why);
}

/** Each bind as a line to the carrier: whole when bound, broken when not. */
function drawBinds(d, at, pipe) {
  const { channel: c, y, height } = pipe;
  const middle = y + height / 2;
  const gap = Math.min(26, Math.max(9, (height + 24) / Math.max(1, c.binds.length)));
  const isNamed = !at.isNarrow && c.binds.length <= 4;
  if (c.binds.length === 0) {
    d.put(`end ${c.name}`, "path", { class: "bind", d: `M${at.pipeEnd} ${middle}H${at.bindX}` });
    if (!at.isNarrow) d.put(`end-words ${c.name}`, "text", { class: "small", x: at.bindX + 12, y: middle + 4 }, c.kind === "discard" ? say("thrown away") : c.kind);
  }
  c.binds.forEach((bind, i) => {
    const end = middle + (i - (c.binds.length - 1) / 2) * gap;
    const start = y + (height * (i + 0.5)) / c.binds.length;
    const id = `bind${bind.number} ${c.name}`;
    d.put(id, "path", { class: `bind ${bind.is_bound ? "" : "bad"}`, d: `M${at.pipeEnd} ${start}${curve(at.pipeEnd, start, end, at.bindX)}` });
    if (bind.is_bound && bind.in_flight > 0) d.put(`${id} drops`, "path", { class: "drops", d: `M${at.pipeEnd} ${start}${curve(at.pipeEnd, start, end, at.bindX)}` });
    d.put(`${id} dot`, "circle", { class: `bind-dot ${bind.is_bound ? "" : "bad"}`, cx: at.bindX + 4, cy: end, r: 4 });
    if (isNamed) {
      d.put(`${id} words`, "text", { class: `small ${bind.is_bound ? "" : "alarm"}`, x: at.bindX + 14, y: end + 4 },
        bind.is_bound ? say("bind {}, {} of {}", bind.number, count(bind.in_flight), count(bind.window)) : say("bind {}, {}", bind.number, say(BIND_STATES[bind.state] ?? bind.state)));
    }
  });
}
