const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** Text only where it changed: a screen reader and a selection are left alone. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Elements of a drawing by key: made once, moved after, removed when not asked for in a round. */
export class Drawing {
  constructor(svg) {
    // Words stand before shapes, whichever came first.
    this.shapes = document.createElementNS(SVG, "g");
    this.words = document.createElementNS(SVG, "g");
    svg.append(this.shapes, this.words);
    this.parts = new Map();
  }

  begin() {
    this.seen = new Set();
  }

  put(key, name, attributes, text) {
    this.seen.add(key);
    let part = this.parts.get(key);
    if (!part) {
      part = document.createElementNS(SVG, name);
      this.parts.set(key, part);
      (name === "text" ? this.words : this.shapes).append(part);
    }
    for (const [attribute, value] of Object.entries(attributes)) {
      const next = String(value);
      if (part.getAttribute(attribute) !== next) part.setAttribute(attribute, next);
    }
    if (text !== undefined && part.textContent !== text) part.textContent = text;
    return part;
  }

  end() {
    for (const [key, part] of this.parts) {
      if (!this.seen.has(key)) {
        part.remove();
        this.parts.delete(key);
      }
    }
  }
}

/** Numbers that glide from one sample to the next in about a second; at once where motion is not wanted. */
export class Glide {
  constructor(draw) {
    this.draw = draw;
    this.from = {};
    this.to = {};
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.frame = (now) => this.step(now);
  }

  aim(values) {
    const now = performance.now();
    const present = this.values(now);
    this.to = values;
    this.from = {};
    for (const key of Object.keys(values)) this.from[key] = present[key] ?? values[key];
    this.start = now;
    this.running ||= requestAnimationFrame(this.frame);
  }

  values(now) {
    const share = this.calm.matches || document.hidden ? 1 : Math.min(1, (now - (this.start ?? 0)) / 950);
    const values = {};
    for (const [key, to] of Object.entries(this.to)) {
      const from = this.from[key];
      values[key] = from + (to - from) * share;
    }
    return values;
  }

  // Twenty steps a second: smooth enough, and the machine has texts to send.
  step(now) {
    if (now - (this.drawn ?? 0) > 45 || now - this.start > 950) {
      this.drawn = now;
      this.draw(this.values(now));
    }
    this.running = now - this.start < 1000 && !this.calm.matches ? requestAnimationFrame(this.frame) : 0;
  }
}
