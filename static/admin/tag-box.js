// The tag box: turns a textarea with one tag a line into chips with suggestions. The textarea stays what is sent,
// so without this script the form works all the same. Follows the ARIA combobox pattern with a listbox.
"use strict";

const WAIT_FOR_TYPING = 120, WAIT_FOR_TEXT = 1_500; // milliseconds

class TagBox {
  constructor(textarea) {
    this.textarea = textarea;
    this.id = textarea.id;
    this.options = [];
    this.active = -1;
    this.chips = element("ul", { class: "tag-box-chips" });
    this.input = element("input", {
      type: "text", id: this.id, role: "combobox", autocomplete: "off", maxlength: "100",
      "aria-expanded": "false", "aria-controls": `${this.id}_options`, "aria-autocomplete": "list",
    });
    const help = textarea.getAttribute("aria-describedby");
    if (help) this.input.setAttribute("aria-describedby", help);
    this.list = element("ul", { class: "tag-box-options", id: `${this.id}_options`, role: "listbox", "aria-label": "Suggestions" });
    this.status = statusLine("tag-box-status");
    textarea.id = `${this.id}_lines`;
    textarea.hidden = true;
    this.box = element("div", { class: "tag-box" }, this.chips, this.input, this.list, this.status);
    textarea.after(this.box);
    this.list.hidden = true;
    this.listen();
    this.draw();
    if (textarea.form.elements.headline && textarea.form.elements.body) this.readText();
  }

  // Tags that stand in the story, one click each.
  readText() {
    this.inText = element("p", { class: "tag-box-in-text", hidden: "" });
    this.box.after(this.inText);
    let timer = setTimeout(() => this.askForText(), 0);
    for (const event of ["input", "change", "focusout"]) {
      this.textarea.form.addEventListener(event, () => {
        clearTimeout(timer);
        timer = setTimeout(() => this.askForText(), WAIT_FOR_TEXT);
      });
    }
  }

  async askForText() {
    const { headline, body } = this.textarea.form.elements;
    const text = new URLSearchParams({ headline: headline.value, body: body.value });
    if (`${text}` === this.text) return;
    this.text = `${text}`;
    try {
      this.standing = (await answerTo(this.textarea.form, this.textarea.dataset.inText, text)).tags;
    } catch {
      this.text = null; // no line: asked again with the next change
    }
    this.drawInText();
  }

  drawInText() {
    if (!this.inText) return;
    const on = new Set(this.names.map((name) => name.toLowerCase()));
    const offered = (this.standing || []).filter((tag) => !on.has(tag.name.toLowerCase()));
    this.inText.hidden = !offered.length;
    this.inText.replaceChildren("In the text: ", ...offered.map((tag) => {
      const button = element("button", { type: "button", "aria-label": `Add ${tag.name}` }, `+ ${tag.name}`);
      button.addEventListener("click", () => this.add(tag.name));
      return button;
    }));
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
      this.refuse("");
      this.typed();
    });
    this.input.addEventListener("focus", () => {
      clearTimeout(this.leaving);
      this.typed();
    });
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => { this.leaving = setTimeout(() => this.close(), 150); });
    this.box.addEventListener("click", (event) => {
      if (event.target === this.box || event.target === this.chips) this.input.focus();
    });
    // What is begun and not added yet is kept with the rest of an unsaved form.
    this.textarea.form.addEventListener("formdata", ({ formData }) => {
      const begun = this.input.value.trim();
      if (begun) formData.set(this.textarea.name, `${this.textarea.value}\n${begun}`);
    });
    this.textarea.form.addEventListener("submit", (event) => {
      if (!this.input.value.trim()) return;
      event.preventDefault();
      this.refuse(`Not saved: “${this.input.value.trim()}” is not added yet. Press Enter or comma, or empty the box.`);
      this.input.focus();
    });
  }

  draw() {
    this.chips.replaceChildren(...this.names.map((name) => {
      const remove = element("button", { type: "button", "aria-label": `Remove ${name}` }, "×");
      remove.addEventListener("click", () => this.remove(name));
      return element("li", {}, name, remove);
    }));
    this.drawInText();
  }

  add(name) {
    const clean = name.replace(/\s+/g, " ").trim();
    this.input.value = "";
    this.refuse("");
    this.close();
    if (!clean) return;
    const known = this.names.some((other) => other.toLowerCase() === clean.toLowerCase());
    if (!known) this.names = [...this.names, clean];
    this.say(known ? `${clean} is there already.` : `${clean} added.`);
  }

  remove(name) {
    this.names = this.names.filter((other) => other !== name);
    this.say(`${name} removed.`);
    this.input.focus();
  }

  say(text) {
    this.status.textContent = this.refusal || text;
  }

  // Stands until something else is typed or added: the suggestions that come with the focus would talk over it.
  refuse(why) {
    this.refusal = why;
    this.status.classList.toggle("is-refusal", Boolean(why));
    this.say("");
  }

  typed() {
    this.close(); // what was suggested for less text must not be taken for more
    this.timer = setTimeout(() => this.suggest(), WAIT_FOR_TYPING);
  }

  async suggest() {
    this.request?.abort();
    this.request = new AbortController();
    const text = this.input.value.trim();
    if (!text) return this.close();
    try {
      const address = `${this.textarea.dataset.tagBox}?${new URLSearchParams({ q: text })}`;
      const response = await fetch(address, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      const { tags, near } = await response.json();
      this.open(tags, near, text);
    } catch (error) {
      if (error.name !== "AbortError") this.say("No suggestions just now; a comma adds what you typed.");
    }
  }

  open(tags, near, text) {
    const options = near.map((tag) => ({ name: tag.name, note: `did you mean this? ${tag.uses}` }));
    options.push(...tags.map((tag) => ({ name: tag.name, note: `${tag.uses}` })));
    if (!tags.some((tag) => tag.exact)) options.push({ name: text, note: "new tag", fresh: true, asked: near.length > 0 });
    this.options = options;
    this.list.replaceChildren(...options.map((option, index) => {
      const label = option.fresh ? `Create “${option.name}”` : option.name;
      const note = element("span", { class: "tag-box-note" }, option.note);
      const row = element("li", { role: "option", id: `${this.id}_option_${index}`, "aria-selected": "false" }, label, " ", note);
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.choose(option);
      });
      return row;
    }));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(0);
    this.say(`${tags.length} ${tags.length === 1 ? "tag" : "tags"} found.${near.length ? ` Did you mean ${near[0].name}?` : ""}`);
  }

  // Who makes a new tag beside one that is spelled alike has been asked here, and is not asked again.
  choose(option) {
    const field = this.textarea.form.elements.asked;
    if (option.asked && field) field.value = JSON.stringify([...(JSON.parse(field.value || "null") || []), `new tag ${option.name}`]);
    this.add(option.name);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.options = [];
    this.active = -1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark(index) {
    this.active = (index + this.options.length) % this.options.length;
    for (const [position, row] of [...this.list.children].entries()) {
      row.setAttribute("aria-selected", String(position === this.active));
    }
    this.input.setAttribute("aria-activedescendant", `${this.id}_option_${this.active}`);
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const text = this.input.value.trim();
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.options.length) this.choose(this.options[this.active]);
      else if (text) this.suggest();
    } else if (event.key === ",") {
      event.preventDefault();
      this.add(text);
    } else if (event.key === "Escape") {
      this.close();
    } else if (event.key === "Backspace" && !this.input.value && this.names.length) {
      this.remove(this.names.at(-1));
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.options.length) {
      event.preventDefault();
      this.mark(this.active + (event.key === "ArrowDown" ? 1 : -1));
    }
  }
}

for (const textarea of document.querySelectorAll("textarea[data-tag-box]")) new TagBox(textarea);
