import { byId, setText } from "./dom.js";
import { say } from "./say.js";
import { count, duration } from "./words.js";

/** The three buttons, with what will happen said before, and what happened told in the log. */
export class Demo {
  constructor(log) {
    this.log = log;
    if (!byId("demo")) return;
    for (const action of ["send", "break", "kill"]) {
      byId(`demo-${action}`).addEventListener("click", (e) => this.act(action, e.currentTarget));
    }
  }

  show(view) {
    if (!byId("demo")) return;
    byId("demo").hidden = !view.demo;
    document.body.classList.toggle("has-demo", Boolean(view.demo));
    if (!view.demo) return;
    const more = view.demo.more_texts;
    const rate = view.channels.reduce((sum, c) => sum + (c.rate_now ?? c.rate ?? 0), 0);
    const need = rate > 0 ? ` ${say("The carrier needs {} for them.", duration((more / rate) * 1000))}` : "";
    setText(byId("demo-send"), say("Send {} more", count(more)));
    setText(byId("demo-send-words"), say("They join the bulk lane and are on disk in about a second.") + need);
    setText(byId("demo-break-words"), say("It hangs up and stays away for {}. Texts wait, none is lost, sending resumes by itself.", duration(view.demo.outage_seconds * 1000)));
    setText(byId("demo-kill-words"), say("kill -9, in the middle of its work. This page goes grey; the server comes back and counts what is on its disk."));
  }

  /** Nobody is there to press them on. */
  rest(isResting) {
    this.isResting = isResting;
    if (!byId("demo")) return;
    for (const button of byId("demo").querySelectorAll("button")) button.disabled = isResting || button === this.pressed;
  }

  async act(action, button) {
    const at = Date.now();
    this.pressed = button;
    this.rest(false);
    try {
      const answer = await fetch(`/demo/${action}`, { method: "POST", headers: { "X-Strowger-Form": document.body.dataset.form } });
      if (!answer.ok || action === "kill") {
        const said = answer.headers.get("content-type")?.includes("json") ? (await answer.json()).said : say("The server answered {}.", answer.status);
        this.log.tell(answer.ok ? "Attention" : "Trouble", said, at);
      }
    } catch {
      this.log.tell("Trouble", action === "kill" ? say("kill -9 to the server.") : say("The server did not answer; it may be on its way back. Try again in a moment."), at);
    } finally {
      setTimeout(() => {
        this.pressed = null;
        this.rest(this.isResting);
      }, 800);
    }
  }
}
