// Warns about earlier stories that this one may repeat: when the form opens and after each pause in typing.
"use strict";

const SIMILAR_PAUSE = 1_500; // milliseconds without typing

class SimilarStories {
  constructor(line) {
    this.line = line;
    this.form = line.closest("form");
    for (const name of ["input", "change", "keyup"]) {
      this.form.addEventListener(name, () => this.askAfter(SIMILAR_PAUSE));
    }
    this.askAfter(0);
  }

  askAfter(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), pause);
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
      const { similar } = await answerTo(this.form, this.line.dataset.similarStories, text);
      if (text === this.asked) this.show(similar);
    } catch {
      if (text === this.asked) this.asked = null; // offline: the next change asks again
    }
  }

  // Replaces the lines only if they differ, or screen readers would read them out again.
  show(similar) {
    if (JSON.stringify(similar) === this.shown) return;
    this.shown = JSON.stringify(similar);
    this.line.replaceChildren(...similar.map(({ headline, status, why, url }) => {
      const link = element("a", { href: url, target: "_blank", rel: "noopener" }, `“${headline}”`);
      return element("p", {}, "This looks like ", link, `, ${status} (${why}).`);
    }));
  }
}

for (const line of document.querySelectorAll("[data-similar-stories]")) new SimilarStories(line);
