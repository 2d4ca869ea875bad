// Preview links below the story form: created and revoked without leaving the form, and copied with a button.
"use strict";

class Share {
  constructor(section) {
    this.section = section;
    section.addEventListener("submit", (event) => this.send(event));
    section.addEventListener("click", (event) => this.copy(event.target));
    this.showCopyButtons();
  }

  showCopyButtons() {
    for (const button of this.section.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  }

  // The server answers with the whole page. Only this section is replaced, so that unsaved changes in the form stay.
  async send(event) {
    event.preventDefault();
    const form = event.target;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      this.section.replaceChildren(...page.querySelector("#share").childNodes);
      this.showCopyButtons();
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
