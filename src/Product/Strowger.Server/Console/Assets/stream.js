// One stream a tab, none while the tab is hidden. Tells what it hears and when it has heard nothing for too long.
const SILENCE = 3500;

export class Stream {
  constructor({ onPast, onLive, onLost }) {
    Object.assign(this, { onPast, onLive, onLost });
    this.heard = 0;
    this.lost = false;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.open()));
    setInterval(() => this.check(), 500);
    if (!document.hidden) this.open();
  }

  open() {
    this.close();
    this.asked = performance.now();
    const source = new EventSource("/console/live");
    this.source = source;
    source.addEventListener("past", (e) => this.onPast(JSON.parse(e.data)));
    source.addEventListener("live", (e) => {
      this.heard = performance.now();
      this.lost = false;
      this.onLive(JSON.parse(e.data));
    });
    source.addEventListener("error", () => this.lose());
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  lose() {
    if (!this.lost && this.heard > 0) {
      this.lost = true;
      this.onLost();
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
