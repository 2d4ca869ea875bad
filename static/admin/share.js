// The links below the story form are made and closed without leaving it, and copied by a button.
"use strict";

class Share {
  constructor(section) {
    this.section = section;
    section.addEventListener("submit", (event) => this.send(event));
    section.addEventListener("click", (event) => this.copy(event.target));
    this.showButtons();
  }

  showButtons() {
    for (const button of this.section.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  }

  // The answer is the form's page: only this section of it is taken, so that what is typed above stays.
  async send(event) {
    event.preventDefault();
    const form = event.target;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      this.section.replaceChildren(...page.querySelector("#share").childNodes);
      this.showButtons();
      this.section.querySelector("[data-copy]")?.focus();
    } catch {
      form.submit();
    }
  }

  async copy(button) {
    if (!button.matches("[data-copy]")) return;
    await navigator.clipboard.writeText(button.previousElementSibling.value);
    button.textContent = "Copied";
  }
}

const share = document.querySelector("#share");
if (share) new Share(share);
