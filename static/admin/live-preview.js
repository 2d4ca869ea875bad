// The story beside its form, as readers will see it, a moment after one types. The server draws it; see live_preview.py.
"use strict";

const PREVIEW_PAUSE = 350; // milliseconds without typing
const PREVIEW_OPEN = "newsdesk-live-preview";
const PREVIEW_WIDTHS = { phone: 390, desktop: 1100 }; // CSS pixels

class LivePreview {
  constructor(panel, button) {
    this.panel = panel;
    this.button = button;
    this.form = document.querySelector("#story_form");
    this.frame = element("iframe", {
      title: "The story as readers will see it",
      // Same origin, so that the text can be replaced without losing the place; but no scripts at all.
      sandbox: "allow-same-origin",
    });
    this.note = statusLine("live-preview-note");
    this.stage = element("div", { class: "live-preview-stage" }, this.frame);
    panel.append(this.widths(), this.note, this.stage);
    button.closest("li").hidden = false;
    button.addEventListener("click", () => this.open(panel.hidden));
    for (const name of ["input", "change", "click", "keyup"]) this.form.addEventListener(name, () => this.soon());
    addEventListener("resize", () => this.fit());
    this.width = "phone";
    if (localStorage.getItem(PREVIEW_OPEN) && innerWidth >= 1200) this.open(true);
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

  open(isOpen) {
    this.panel.hidden = !isOpen;
    this.button.setAttribute("aria-pressed", isOpen);
    this.panel.parentElement.classList.toggle("is-open", isOpen);
    if (isOpen) localStorage.setItem(PREVIEW_OPEN, "1");
    else localStorage.removeItem(PREVIEW_OPEN);
    this.fit();
    this.soon();
  }

  // A desktop's width is shown smaller, where there is less room.
  fit() {
    const scale = Math.min(1, this.stage.clientWidth / PREVIEW_WIDTHS[this.width]);
    this.frame.style.width = `${PREVIEW_WIDTHS[this.width]}px`;
    this.frame.style.height = `${this.stage.clientHeight / scale}px`;
    this.frame.style.transform = `scale(${scale})`;
  }

  soon() {
    clearTimeout(this.timer);
    if (!this.panel.hidden) this.timer = setTimeout(() => this.show(), PREVIEW_PAUSE);
  }

  async show() {
    const body = new URLSearchParams(new FormData(this.form));
    const text = body.toString();
    if (text === this.shown || this.asking) return;
    this.asking = true;
    try {
      const response = await fetch(this.panel.dataset.livePreview, { method: "POST", body, redirect: "manual" });
      if (!response.ok) throw new Error(response.status);
      this.draw(await response.text());
      this.shown = text;
      this.note.textContent = "";
    } catch {
      this.note.textContent = "The preview stands still: the server can’t be reached.";
    } finally {
      this.asking = false;
    }
    if (new URLSearchParams(new FormData(this.form)).toString() !== text) this.soon();
  }

  draw(html) {
    const there = this.frame.contentDocument?.querySelector("main");
    if (!there) {
      this.frame.srcdoc = html;
      return;
    }
    there.replaceWith(new DOMParser().parseFromString(html, "text/html").querySelector("main"));
  }
}

const previewPanel = document.querySelector("[data-live-preview]");
if (previewPanel) new LivePreview(previewPanel, document.querySelector("[data-shortcut=preview]"));
