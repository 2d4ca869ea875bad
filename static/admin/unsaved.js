// Sends what is typed in the story form to the server every few seconds, and keeps it in this browser until it is there.
// A form that is only open is told of twice a minute, so that others see who is at the story.
"use strict";

const LOOK = 2_000, BEAT = 30_000; // milliseconds
const KEPT = "newsdesk-unsaved-";

class Unsaved {
  constructor(form, line) {
    this.form = form;
    this.line = line;
    this.sent = this.text();
    this.beat = 0;
    this.token = form.elements.token.value;
    this.bringKept();
    this.tell();
    setInterval(() => this.look(), LOOK);
    addEventListener("pagehide", () => this.look());
    form.addEventListener("submit", () => this.keepHere());
  }

  // Without what is empty: boxes come and go. A source's address and label go together, or they would pair with others.
  text() {
    const isFilled = ([name, value], index, all) =>
      value !== "" || (name === "sources-url" && all[index + 1][1] !== "") || (name === "sources-label" && all[index - 1][1] !== "");
    const fields = [...new FormData(this.form)].filter(([name]) => name !== "csrfmiddlewaretoken").filter(isFilled);
    return new URLSearchParams(fields).toString();
  }

  look() {
    const text = this.text();
    if (text !== this.sent) this.send(text);
    else if (Date.now() - this.beat > BEAT && !document.hidden) this.tell();
  }

  keepHere(text = this.text()) {
    if (text === this.sent && !localStorage.getItem(KEPT + this.token)) return;
    const kept = { user: this.line.dataset.user, story: this.line.dataset.story, at: Date.now(), text };
    try {
      localStorage.setItem(KEPT + this.token, JSON.stringify(kept));
    } catch {
      this.say("This browser keeps nothing: save soon.");
    }
  }

  async post(text, story) {
    const body = new URLSearchParams(text || { token: this.token });
    if (text && !body.has("headline")) body.set("headline", "");
    body.set("story", story);
    const response = await fetch(this.line.dataset.address, {
      method: "POST", body, redirect: "manual", keepalive: text.length < 60_000,
      headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value },
    });
    if (!response.ok) throw new Error(response.status);
    return response.json();
  }

  async send(text) {
    this.keepHere(text);
    if (this.sending) return;
    this.sending = true;
    try {
      this.show(await this.post(text, this.line.dataset.story));
      this.sent = text;
      localStorage.removeItem(KEPT + this.token);
      this.say(`Kept at ${this.clock()}; not saved to the story yet.`);
    } catch {
      this.say(`Not reached the server at ${this.clock()}. Your text is kept in this browser meanwhile.`);
    } finally {
      this.sending = false;
    }
  }

  async tell() {
    this.beat = Date.now();
    try {
      this.show(await this.post("", this.line.dataset.story));
    } catch {
      // The next beat tries again.
    }
  }

  // What an earlier form could not send: after a lost line or a lost session.
  async bringKept() {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(KEPT) && name !== KEPT + this.token)) {
      const kept = JSON.parse(localStorage.getItem(key));
      if (kept.user !== this.line.dataset.user) continue;
      try {
        const answer = await this.post(kept.text, kept.story);
        localStorage.removeItem(key);
        if (!answer.saved) this.offer(key.slice(KEPT.length), kept);
      } catch {
        // Kept for the next time.
      }
    }
  }

  offer(token, kept) {
    const form = kept.story ? this.line.dataset.change.replace("/0/", `/${kept.story}/`) : this.line.dataset.add;
    const link = element("a", { href: `${form}?restore=${token}` }, "Restore it");
    const time = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    this.line.before(element("p", { class: "unsaved" }, `Text from ${time} had not been saved. `, link));
  }

  show(answer) {
    const box = document.querySelector("[data-others]");
    const lines = answer.others.map((line) => element("p", {}, line));
    if (box && box.textContent.trim() !== answer.others.join("").trim()) box.replaceChildren(...lines);
  }

  clock() {
    return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  }

  say(text) {
    if (this.line.textContent !== text) this.line.textContent = text;
  }
}

const line = document.querySelector("[data-unsaved]");
if (line?.closest("form").elements.token) new Unsaved(line.closest("form"), line);
