// Quick edit in a dialog over the list. The form comes from its page; after saving, the story's row is replaced.
// The server checks and decides everything, see stories/admin/story/quick_edit.py.
"use strict";

class QuickEdit {
  constructor(list) {
    this.list = list;
    this.title = element("h2", { id: "quick-title" });
    this.note = statusLine("quick-note");
    this.content = element("div");
    this.dialog = element(
      "dialog", { class: "quick-dialog", "aria-labelledby": "quick-title" }, this.title, this.note, this.content,
    );
    this.status = statusLine("quick-status");
    document.querySelector("#content").append(this.dialog, this.status);
    this.listen();
  }

  listen() {
    this.list.addEventListener("click", (event) => {
      const link = event.target.closest("a.quick-edit");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open(link);
    });
    this.dialog.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return; // the tag box shows an error
      event.preventDefault();
      this.save();
    });
    this.dialog.addEventListener("click", (event) => {
      if (!event.target.closest(".quick-close")) return;
      event.preventDefault();
      if (this.confirmClose()) this.dialog.close();
    });
    // Escape first closes the suggestions of the tag box.
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && event.target.getAttribute("aria-expanded") === "true") event.preventDefault();
    }, true);
    this.dialog.addEventListener("cancel", (event) => {
      if (!this.confirmClose()) event.preventDefault();
    });
    this.dialog.addEventListener("close", () => this.content.replaceChildren());
    addEventListener("beforeunload", (event) => {
      if (this.isChanged()) event.preventDefault();
    });
  }

  async open(link) {
    this.status.textContent = "";
    try {
      const response = await fetch(link.href);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const form = page.querySelector("form.quick-form");
      if (!form) throw new Error(response.status);
      this.row = link.closest("tr");
      this.title.textContent = link.getAttribute("aria-label");
      this.show(form, link.href);
      this.initialText = this.text();
      this.dialog.showModal();
      form.elements.headline.focus();
    } catch {
      location.assign(link.href); // the page says what is wrong: logged out, or the story is deleted
    }
  }

  show(form, url) {
    form.action = url;
    this.note.textContent = "";
    this.content.replaceChildren(form);
    for (const textarea of form.querySelectorAll("textarea[data-tag-box]")) new TagBox(textarea);
    for (const date of form.querySelectorAll("input[data-zone]")) new Schedule(date);
  }

  get form() {
    return this.content.querySelector("form");
  }

  text() {
    return this.form ? new URLSearchParams(new FormData(this.form)).toString() : "";
  }

  isChanged() {
    return this.dialog.open && this.text() !== this.initialText;
  }

  confirmClose() {
    return !this.isChanged() || confirm("Close without saving your changes?");
  }

  async save() {
    const { form } = this;
    if (this.isSending) return;
    this.isSending = true;
    this.note.textContent = "Saving…";
    try {
      this.handle(await this.send(form), form);
    } catch {
      this.note.textContent = "Not saved: can't reach the server. Your changes are still in the form.";
    } finally {
      this.isSending = false;
    }
  }

  async send(form) {
    const body = new URLSearchParams(new FormData(form));
    body.set("_in_place", "1");
    // From the cookie: logging in again in another tab changes the token.
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (token) body.delete("csrfmiddlewaretoken");
    const headers = token ? { "X-CSRFToken": token } : {};
    const response = await fetch(form.action, { method: "POST", body, headers });
    return { response, page: new DOMParser().parseFromString(await response.text(), "text/html") };
  }

  // The answer is the form with errors, a list with the saved story's row, or neither.
  handle({ response, page }, form) {
    const formWithErrors = page.querySelector("form.quick-form");
    const row = page.querySelector("#result_list tbody tr");
    if (formWithErrors) {
      this.show(formWithErrors, form.action);
      (formWithErrors.querySelector("[aria-invalid]:not([hidden])") ?? formWithErrors.elements.headline).focus();
    } else if (row && response.redirected) {
      this.initialText = this.text();
      this.dialog.close();
      this.update(row);
      const messages = [...page.querySelectorAll(".messagelist li")];
      this.status.textContent = messages.map((line) => line.textContent.trim()).join(" ");
    } else {
      this.note.textContent = `Not saved: ${this.reason(response, page)}. Your changes are still in the form.`;
    }
  }

  reason(response, page) {
    if (page.querySelector("#login-form")) return "you are logged out. Log in again in another tab, then save here";
    return response.status === 404 ? "the story was deleted" : `the server answered with error ${response.status}`;
  }

  // Takes over the text of each cell. Links keep their URLs, which lead back to this list with its filters.
  update(savedRow) {
    for (const cell of this.row.cells) {
      const saved = [...savedRow.cells].find((other) => other.classList[0] === cell.classList[0]);
      if (!saved || cell.classList.contains("action-checkbox")) continue;
      const urls = [...cell.querySelectorAll("a")].map((link) => link.href);
      cell.replaceChildren(...saved.childNodes);
      for (const [index, link] of [...cell.querySelectorAll("a")].entries()) link.href = urls[index] ?? link.href;
    }
    this.row.classList.add("is-saved");
    (this.row.querySelector(".quick-edit") ?? this.row.querySelector("a")).focus();
  }
}

const storyList = document.querySelector("#result_list");
if (storyList?.querySelector("a.quick-edit")) new QuickEdit(storyList);
