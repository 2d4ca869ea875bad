// The list of suggestions of a tag box: a listbox that the input controls, by the ARIA combobox pattern.
"use strict";

class TagSuggestions {
  constructor(tagBox) {
    this.tagBox = tagBox;
    this.input = tagBox.input;
    this.id = `${tagBox.id}_options`;
    this.list = element("ul", {
      class: "tag-box-options", id: this.id, role: "listbox", "aria-label": "Suggestions",
    });
    this.input.setAttribute("aria-controls", this.id);
    this.close();
  }

  get isOpen() {
    return this.options.length > 0;
  }

  askSoon() {
    const pause = 120; // milliseconds without typing
    this.close(); // or Enter could choose a suggestion for the text before
    this.timer = setTimeout(() => this.ask(), pause);
  }

  async ask() {
    this.request?.abort();
    this.request = new AbortController();
    const text = this.input.value.trim();
    if (!text) return this.close();
    try {
      const url = `${this.tagBox.textarea.dataset.tagBox}?${new URLSearchParams({ q: text })}`;
      const response = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      const { tags, similar } = await response.json();
      this.open(tags, similar, text);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.tagBox.say("Suggestions aren't available now. Press comma to add your own tag.");
    }
  }

  open(tags, similar, text) {
    this.options = [
      ...similar.map((tag) => ({ name: tag.name, note: `did you mean this? ${tag.uses}` })),
      ...tags.map((tag) => ({ name: tag.name, note: `${tag.uses}` })),
    ];
    const isTag = tags.some((tag) => tag.exact);
    if (!isTag) this.options.push({ name: text, note: "new tag", isNew: true, isAsked: similar.length > 0 });
    this.list.replaceChildren(...this.options.map((option, index) => this.row(option, index)));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(0);
    const question = similar.length ? ` Did you mean ${similar[0].name}?` : "";
    this.tagBox.say(`${tags.length} ${tags.length === 1 ? "tag" : "tags"} found.${question}`);
  }

  row(option, index) {
    const label = option.isNew ? `Create “${option.name}”` : option.name;
    const note = element("span", { class: "tag-box-note" }, option.note);
    const attributes = { role: "option", id: `${this.id}_${index}`, "aria-selected": "false" };
    const row = element("li", attributes, label, " ", note);
    row.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.choose(option);
    });
    return row;
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

  move(step) {
    this.mark(this.active + step);
  }

  mark(index) {
    this.active = (index + this.options.length) % this.options.length;
    for (const [position, row] of [...this.list.children].entries()) {
      row.setAttribute("aria-selected", String(position === this.active));
    }
    this.input.setAttribute("aria-activedescendant", `${this.id}_${this.active}`);
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
  }

  chooseMarked() {
    this.choose(this.options[this.active]);
  }

  // The list has asked whether a similar tag was meant, so saving the form need not ask again.
  choose(option) {
    const field = this.tagBox.textarea.form.elements.asked;
    if (option.isAsked && field) {
      field.value = JSON.stringify([...(JSON.parse(field.value || "null") || []), `new tag ${option.name}`]);
    }
    this.tagBox.add(option.name);
  }
}
