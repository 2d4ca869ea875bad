// Fills the empty label of a source with the title of the linked page, once its URL is pasted or typed.
"use strict";

class LinkTitles {
  constructor(box) {
    this.box = box;
    this.asked = new Map(); // input: the URL last asked about
    this.line = statusLine("link-title-line");
    box.after(this.line);
    box.addEventListener("paste", ({ target }) => setTimeout(() => this.check(target)));
    box.addEventListener("change", ({ target }) => this.check(target));
    box.addEventListener("input", ({ target }) => this.forget(target));
    box.addEventListener("keydown", (event) => {
      const row = event.target.closest(".source-row");
      if (event.key !== "Escape" || !this.filled || row !== this.filled.closest(".source-row")) return;
      event.preventDefault();
      this.undo();
    });
  }

  check(input) {
    if (input.name !== "sources-url") return;
    const label = input.closest(".source-row").querySelector("[name=sources-label]");
    const url = input.value.trim();
    const looksLikeURL = /[^\s.]\.[^\s.]/.test(url);
    if (label.value.trim() || !looksLikeURL || this.asked.get(input) === url) return;
    this.asked.set(input, url);
    this.ask(input, label, url);
  }

  async ask(input, label, url) {
    this.say("Getting the page title…");
    let title = "";
    try {
      title = (await answerTo(input.form, this.box.dataset.linkTitles, { url })).label;
    } catch {
      // Offline, or too many requests: no title, as below.
    }
    if (!label.isConnected || label.value || input.value.trim() !== url) return this.say("");
    if (!title) return this.say("Couldn't read the page title; readers will see the site's name.");
    this.fill(label, title);
  }

  fill(label, title) {
    this.setLabel(label, title);
    const undo = element("button", { type: "button" }, "Undo");
    undo.addEventListener("click", () => this.undo());
    this.say(`Label filled in from the page: “${title}”. `, undo);
    this.filled = label;
  }

  undo() {
    const label = this.filled;
    this.setLabel(label, "");
    label.focus();
    this.say("Label cleared.");
  }

  setLabel(label, text) {
    label.value = text;
    label.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A label that the user has edited can't be undone.
  forget(input) {
    if (input === this.filled) this.say("");
  }

  say(...parts) {
    this.filled = null;
    this.line.replaceChildren(...parts);
  }
}

for (const box of document.querySelectorAll("[data-link-titles]")) new LinkTitles(box);
