// Fills the empty label of a source, once its address is pasted or typed, with what the page is called. See link_titles.py.
"use strict";

class LinkTitles {
  constructor(box) {
    this.box = box;
    this.asked = new Map(); // input: the address that was asked for last
    this.line = statusLine("link-title-line");
    box.after(this.line);
    box.addEventListener("paste", ({ target }) => setTimeout(() => this.look(target)));
    box.addEventListener("change", ({ target }) => this.look(target));
    box.addEventListener("input", ({ target }) => this.typed(target));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.filled || event.target.closest(".source-row") !== this.filled.closest(".source-row")) return;
      event.preventDefault();
      this.undo();
    });
  }

  look(input) {
    const label = input.name === "sources-url" && input.closest(".source-row").querySelector("[name=sources-label]");
    const address = input.value.trim();
    if (!label || label.value.trim() || !/[^\s.]\.[^\s.]/.test(address) || this.asked.get(input) === address) return;
    this.asked.set(input, address);
    this.ask(input, label, address);
  }

  async ask(input, label, address) {
    this.say("Looking for the page's title…");
    let found = "";
    try {
      found = (await answerTo(input.form, this.box.dataset.linkTitles, { address })).label;
    } catch {
      // No line, or asked too often: said below.
    }
    if (!label.isConnected || label.value || input.value.trim() !== address) return this.say("");
    if (!found) return this.say("No title could be had from that page; readers see the site's name.");
    this.fill(label, found);
  }

  fill(label, text) {
    this.put(label, text);
    const undo = element("button", { type: "button" }, "Undo");
    undo.addEventListener("click", () => this.undo());
    this.say(`Label filled from the page: “${text}”. `, undo);
    this.filled = label;
  }

  undo() {
    const label = this.filled;
    this.put(label, "");
    label.focus();
    this.say("The label is empty again.");
  }

  put(label, text) {
    label.value = text;
    label.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What she made of the label herself is no longer ours to take back.
  typed(input) {
    if (input === this.filled) this.say("");
  }

  say(...parts) {
    this.filled = null;
    this.line.replaceChildren(...parts);
  }
}

for (const box of document.querySelectorAll("[data-link-titles]")) new LinkTitles(box);
