// One stream a tab, none while the tab is hidden. Tells what it hears and when it has heard nothing for too long.
const SILENCE = 3500;
const EVENTS = ["past", "live", "values"];

export class Stream extends EventTarget {
  constructor(topic) {
    super();
    this.topic = topic;
    this.heard = 0;
    this.lost = false;
  }

  start() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.open()));
    // The browser keeps only so many connections to one place: a page that goes lets its stream go first.
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (e) => e.persisted && this.open());
    setInterval(() => this.check(), 500);
    if (!document.hidden) this.open();
  }

  /** Calls back with each event's data. */
  on(name, hear) {
    this.addEventListener(name, (e) => hear(e.detail));
  }

  open() {
    this.close();
    this.asked = performance.now();
    const source = new EventSource(`/console/live?topic=${encodeURIComponent(this.topic)}`);
    this.source = source;
    for (const name of EVENTS) {
      source.addEventListener(name, (e) => {
        const data = JSON.parse(e.data);
        if (name !== "past") {
          this.heard = performance.now();
          this.lost = false;
          this.tell("heard", data);
        }
        this.tell(name, data);
      });
    }
    source.addEventListener("error", () => this.lose());
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  lose() {
    if (!this.lost && this.heard > 0) {
      this.lost = true;
      this.tell("lost");
    }
  }

  check() {
    if (!this.source) return;
    const now = performance.now();
    const since = now - Math.max(this.heard, this.asked);
    if (since > SILENCE) this.lose();
    // The browser gives up when it was answered with an error, and waits long when nobody answered: ask again ourselves.
    if (this.source.readyState !== EventSource.OPEN && now - this.asked > 1000) this.again();
    else if (since > 4 * SILENCE) this.again();
  }

  async again() {
    this.asked = performance.now();
    try {
      const answer = await fetch("/console/session", { cache: "no-store" });
      if (answer.status === 401) {
        location.reload();
        return;
      }
    } catch {
      return;
    }
    if (!document.hidden) this.open();
  }
}
