// The tag box: turns a textarea with one tag a line into chips with suggestions. The browser still submits the
// textarea, so the form also works without this script.
"use strict";

class TagBox {
  constructor(textarea) {
    this.textarea = textarea;
    this.id = textarea.id;
    this.build();
    this.listen();
    this.draw();
    const { headline, body } = textarea.form.elements;
    if (headline && body) this.tagsInText = new TagsInText(this);
  }

  build() {
    this.chips = element("ul", { class: "tag-box-chips" });
    this.input = element("input", {
      type: "text", id: this.id, role: "combobox", autocomplete: "off", maxlength: "100", "aria-autocomplete": "list",
    });
    const help = this.textarea.getAttribute("aria-describedby");
    if (help) this.input.setAttribute("aria-describedby", help);
    this.suggestions = new TagSuggestions(this);
    this.status = statusLine("tag-box-status");
    this.box = element("div", { class: "tag-box" }, this.chips, this.input, this.suggestions.list, this.status);
    this.textarea.id = `${this.id}_lines`;
    this.textarea.hidden = true;
    this.textarea.required = false; // a browser can't report a hidden field, and doesn't submit the form either
    this.textarea.after(this.box);
  }

  get names() {
    return this.textarea.value.split("\n").map((name) => name.trim()).filter(Boolean);
  }

  set names(names) {
    this.textarea.value = names.join("\n");
    this.textarea.dispatchEvent(new Event("change", { bubbles: true }));
    this.draw();
  }

  listen() {
    this.input.addEventListener("input", () => {
      this.showError("");
      this.suggestions.askSoon();
    });
    this.input.addEventListener("focus", () => {
      clearTimeout(this.closing);
      this.suggestions.askSoon();
    });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => { this.closing = setTimeout(() => this.suggestions.close(), 150); });
    this.box.addEventListener("click", (event) => {
      if (event.target === this.box || event.target === this.chips) this.input.focus();
    });
    // Autosave keeps a name that is typed but not added yet.
    this.textarea.form.addEventListener("formdata", ({ formData }) => {
      const typed = this.input.value.trim();
      if (typed) formData.set(this.textarea.name, `${this.textarea.value}\n${typed}`);
    });
    this.textarea.form.addEventListener("submit", (event) => {
      const typed = this.input.value.trim();
      if (!typed) return;
      event.preventDefault();
      this.showError(`Not saved: “${typed}” is not added yet. Press Enter or comma to add it, or clear the box.`);
      this.input.focus();
    });
  }

  draw() {
    this.chips.replaceChildren(...this.names.map((name) => {
      const remove = element("button", { type: "button", "aria-label": `Remove ${name}` }, "×");
      remove.addEventListener("click", () => this.remove(name));
      return element("li", {}, name, remove);
    }));
    this.tagsInText?.draw();
  }

  add(name) {
    const clean = name.replace(/\s+/g, " ").trim();
    this.input.value = "";
    this.showError("");
    this.suggestions.close();
    if (!clean) return;
    const isAdded = this.names.some((other) => other.toLowerCase() === clean.toLowerCase());
    if (!isAdded) this.names = [...this.names, clean];
    this.say(isAdded ? `${clean} is already added.` : `${clean} added.`);
  }

  remove(name) {
    this.names = this.names.filter((other) => other !== name);
    this.say(`${name} removed.`);
    this.input.focus();
  }

  say(text) {
    this.status.textContent = this.error || text;
  }

  // An error stays until the user types or adds something: the suggestions that open on focus have a text too.
  showError(text) {
    this.error = text;
    this.status.classList.toggle("is-error", Boolean(text));
    this.say("");
  }

  onKey(event) {
    const typed = this.input.value.trim();
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.suggestions.isOpen) this.suggestions.chooseMarked();
      else if (typed) this.suggestions.ask();
    } else if (event.key === ",") {
      event.preventDefault();
      this.add(typed);
    } else if (event.key === "Escape") {
      this.suggestions.close();
    } else if (event.key === "Backspace" && !this.input.value && this.names.length) {
      this.remove(this.names.at(-1));
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.suggestions.isOpen) {
      event.preventDefault();
      this.suggestions.move(event.key === "ArrowDown" ? 1 : -1);
    }
  }
}

for (const textarea of document.querySelectorAll("textarea[data-tag-box]")) new TagBox(textarea);
