// Live preview: the story beside its form, as readers will see it. The server renders it after each change.
"use strict";

const PREVIEW_PAUSE = 350; // milliseconds without typing
const PREVIEW_OPEN = "newsdesk-live-preview";
const PREVIEW_WIDTHS = { phone: 390, desktop: 1100 }; // CSS pixels
const MIN_WIDTH_BESIDE = 1_200; // CSS pixels of a window that has room for form and preview

class LivePreview {
  constructor(panel, button) {
    this.panel = panel;
    this.button = button;
    this.form = document.querySelector("#story_form");
    this.frame = element("iframe", {
      title: "The story as readers will see it",
      // Same origin, so that the text can be replaced without losing the scroll position; but no scripts.
      sandbox: "allow-same-origin",
    });
    this.note = statusLine("live-preview-note");
    this.stage = element("div", { class: "live-preview-stage" }, this.frame);
    panel.append(this.widths(), this.note, this.stage);
    button.closest("li").hidden = false;
    button.addEventListener("click", () => this.toggle(panel.hidden));
    for (const name of ["input", "change", "click", "keyup"]) this.form.addEventListener(name, () => this.updateSoon());
    addEventListener("resize", () => this.fit());
    this.width = "phone";
    if (localStorage.getItem(PREVIEW_OPEN) && innerWidth >= MIN_WIDTH_BESIDE) this.toggle(true);
  }

  widths() {
    const group = element("div", { class: "live-preview-widths", role: "group", "aria-label": "Width" });
    for (const name of Object.keys(PREVIEW_WIDTHS)) {
      const label = name[0].toUpperCase() + name.slice(1);
      const button = element("button", { type: "button", "aria-pressed": name === "phone" }, label);
      button.addEventListener("click", () => {
        this.width = name;
        for (const other of group.children) other.setAttribute("aria-pressed", other === button);
        this.fit();
      });
      group.append(button);
    }
    return group;
  }

  toggle(isOpen) {
    this.panel.hidden = !isOpen;
    this.button.setAttribute("aria-pressed", isOpen);
    this.panel.parentElement.classList.toggle("is-open", isOpen);
    if (isOpen) localStorage.setItem(PREVIEW_OPEN, "1");
    else localStorage.removeItem(PREVIEW_OPEN);
    this.fit();
    this.updateSoon();
  }

  // Scales the frame down if the panel is narrower than the chosen width.
  fit() {
    const scale = Math.min(1, this.stage.clientWidth / PREVIEW_WIDTHS[this.width]);
    this.frame.style.width = `${PREVIEW_WIDTHS[this.width]}px`;
    this.frame.style.height = `${this.stage.clientHeight / scale}px`;
    this.frame.style.transform = `scale(${scale})`;
  }

  updateSoon() {
    clearTimeout(this.timer);
    if (!this.panel.hidden) this.timer = setTimeout(() => this.update(), PREVIEW_PAUSE);
  }

  async update() {
    const body = new URLSearchParams(new FormData(this.form));
    const text = body.toString();
    if (text === this.shown || this.isAsking) return;
    this.isAsking = true;
    try {
      const response = await fetch(this.panel.dataset.livePreview, { method: "POST", body, redirect: "manual" });
      if (!response.ok) throw new Error(response.status);
      this.draw(await response.text());
      this.shown = text;
      this.note.textContent = "";
    } catch {
      this.note.textContent = "Preview not updated: can't reach the server.";
    } finally {
      this.isAsking = false;
    }
    if (new URLSearchParams(new FormData(this.form)).toString() !== text) this.updateSoon();
  }

  draw(html) {
    const main = this.frame.contentDocument?.querySelector("main");
    if (!main) {
      this.frame.srcdoc = html;
      return;
    }
    main.replaceWith(new DOMParser().parseFromString(html, "text/html").querySelector("main"));
  }
}

const previewPanel = document.querySelector("[data-live-preview]");
if (previewPanel) new LivePreview(previewPanel, document.querySelector("[data-shortcut=preview]"));
