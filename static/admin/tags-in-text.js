// Buttons below the tag box that add tags whose names occur in the story.
"use strict";

class TagsInText {
  constructor(tagBox) {
    this.tagBox = tagBox;
    this.form = tagBox.textarea.form;
    this.found = [];
    this.line = element("p", { class: "tag-box-in-text", hidden: "" });
    tagBox.box.after(this.line);
    this.waitForPause();
  }

  waitForPause() {
    const pause = 1_500; // milliseconds without typing
    let timer = setTimeout(() => this.ask(), 0);
    for (const event of ["input", "change", "focusout"]) {
      this.form.addEventListener(event, () => {
        clearTimeout(timer);
        timer = setTimeout(() => this.ask(), pause);
      });
    }
  }

  async ask() {
    const { headline, body } = this.form.elements;
    const text = new URLSearchParams({ headline: headline.value, body: body.value });
    if (`${text}` === this.text) return;
    this.text = `${text}`;
    try {
      this.found = (await answerTo(this.form, this.tagBox.textarea.dataset.inText, text)).tags;
    } catch {
      this.text = null; // offline: the next change asks again
    }
    this.draw();
  }

  draw() {
    const chosen = new Set(this.tagBox.names.map((name) => name.toLowerCase()));
    const offered = this.found.filter((tag) => !chosen.has(tag.name.toLowerCase()));
    this.line.hidden = !offered.length;
    this.line.replaceChildren("Found in the text: ", ...offered.map((tag) => {
      const button = element("button", { type: "button", "aria-label": `Add ${tag.name}` }, `+ ${tag.name}`);
      button.addEventListener("click", () => this.tagBox.add(tag.name));
      return button;
    }));
  }
}
