// Autosave: sends unsaved changes of the story form to the server every few seconds, and keeps them in this browser
// until the server has them. Without changes, it reports twice a minute that the form is open, for other users to see.
"use strict";

const CHECK_INTERVAL = 2_000, PRESENCE_INTERVAL = 30_000; // milliseconds
const MAX_KEEPALIVE_BYTES = 60_000; // browsers refuse larger requests that outlive the page
const BACKUP_PREFIX = "newsdesk-unsaved-";

class Autosave {
  constructor(form, line) {
    this.form = form;
    this.line = line;
    this.token = form.elements.token.value;
    this.sent = this.text();
    this.reportedAt = 0;
    this.sendBackups();
    this.report();
    setInterval(() => this.check(), CHECK_INTERVAL);
    addEventListener("pagehide", () => this.check());
    form.addEventListener("submit", () => this.backUp());
  }

  // Without empty fields, because scripts add and remove them. A source's URL and label stay together: the server
  // pairs them by position.
  text() {
    const isFilled = ([name, value], index, all) =>
      value !== "" ||
      (name === "sources-url" && all[index + 1][1] !== "") ||
      (name === "sources-label" && all[index - 1][1] !== "");
    const fields = [...new FormData(this.form)].filter(([name]) => name !== "csrfmiddlewaretoken").filter(isFilled);
    return new URLSearchParams(fields).toString();
  }

  check() {
    const text = this.text();
    if (text !== this.sent) this.send(text);
    else if (Date.now() - this.reportedAt > PRESENCE_INTERVAL && !document.hidden) this.report();
  }

  backUp(text = this.text()) {
    if (text === this.sent && !localStorage.getItem(BACKUP_PREFIX + this.token)) return;
    const backup = { user: this.line.dataset.user, story: this.line.dataset.story, at: Date.now(), text };
    try {
      localStorage.setItem(BACKUP_PREFIX + this.token, JSON.stringify(backup));
    } catch {
      this.say("This browser can't back up your changes. Save soon.");
    }
  }

  async post(text, story) {
    const body = new URLSearchParams(text || { token: this.token });
    if (text && !body.has("headline")) body.set("headline", "");
    body.set("story", story);
    const response = await fetch(this.line.dataset.url, {
      method: "POST", body, redirect: "manual", keepalive: text.length < MAX_KEEPALIVE_BYTES,
      headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value },
    });
    if (!response.ok) throw new Error(response.status);
    return response.json();
  }

  async send(text) {
    this.backUp(text);
    if (this.isSending) return;
    this.isSending = true;
    try {
      this.showOthers(await this.post(text, this.line.dataset.story));
      this.sent = text;
      localStorage.removeItem(BACKUP_PREFIX + this.token);
      this.say(`Unsaved changes backed up at ${this.clock()}.`);
    } catch {
      this.say(`Couldn't reach the server at ${this.clock()}. Unsaved changes are backed up in this browser.`);
    } finally {
      this.isSending = false;
    }
  }

  async report() {
    this.reportedAt = Date.now();
    try {
      this.showOthers(await this.post("", this.line.dataset.story));
    } catch {
      // The next report tries again.
    }
  }

  // Backups of earlier forms that never reached the server: the user was offline or logged out.
  async sendBackups() {
    const ownKey = BACKUP_PREFIX + this.token;
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(BACKUP_PREFIX) && key !== ownKey);
    for (const key of keys) {
      const backup = JSON.parse(localStorage.getItem(key));
      if (backup.user !== this.line.dataset.user) continue;
      try {
        const answer = await this.post(backup.text, backup.story);
        localStorage.removeItem(key);
        if (!answer.saved) this.offer(key.slice(BACKUP_PREFIX.length), backup);
      } catch {
        // Stays for the next time.
      }
    }
  }

  offer(token, { story, at }) {
    const { addUrl, changeUrl } = this.line.dataset;
    const url = story ? changeUrl.replace("/0/", `/${story}/`) : addUrl;
    const link = element("a", { href: `${url}?restore=${token}` }, "Restore changes");
    const time = new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    this.line.before(element("p", { class: "unsaved" }, `You have unsaved changes from ${time}. `, link));
  }

  showOthers({ others }) {
    const box = document.querySelector("[data-others]");
    const lines = others.map((line) => element("p", {}, line));
    if (box && box.textContent.trim() !== others.join("").trim()) box.replaceChildren(...lines);
  }

  clock() {
    return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  }

  say(text) {
    if (this.line.textContent !== text) this.line.textContent = text;
  }
}

const autosaveLine = document.querySelector("[data-autosave]");
if (autosaveLine?.closest("form").elements.token) new Autosave(autosaveLine.closest("form"), autosaveLine);
