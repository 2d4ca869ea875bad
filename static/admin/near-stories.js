// Names earlier stories that this one may repeat, when the form opens and when typing pauses. See near_stories.py.
"use strict";

const NEAR_PAUSE = 1_500; // milliseconds without typing

class NearStories {
  constructor(line) {
    this.line = line;
    this.form = line.closest("form");
    for (const name of ["input", "change", "keyup"]) this.form.addEventListener(name, () => this.soon(NEAR_PAUSE));
    this.soon(0);
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  text() {
    const text = new URLSearchParams({ story: this.line.dataset.story });
    for (const [name, value] of new FormData(this.form)) {
      if (["headline", "body"].includes(name) || name.startsWith("sources-")) text.append(name, value);
    }
    return text.toString();
  }

  async ask() {
    const text = this.text();
    if (text === this.asked) return;
    this.asked = text;
    try {
      const { near } = await answerTo(this.form, this.line.dataset.nearStories, text);
      if (text === this.asked) this.show(near);
    } catch {
      if (text === this.asked) this.asked = null; // no line: asked again with the next change
    }
  }

  // What is said already is not said again to those who listen.
  show(near) {
    if (JSON.stringify(near) === this.shown) return;
    this.shown = JSON.stringify(near);
    this.line.replaceChildren(...near.map(({ headline, state, why, address }) => {
      const link = element("a", { href: address, target: "_blank", rel: "noopener" }, `“${headline}”`);
      return element("p", {}, "This looks like ", link, `, ${state} (${why}).`);
    }));
  }
}

for (const line of document.querySelectorAll("[data-near-stories]")) new NearStories(line);
