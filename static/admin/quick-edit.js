// The quick edit, shown over the list: its page is fetched, its form stands in a dialog, and what the row says after a
// save is put into the list as it stands. The server decides all; see stories/admin/quick_edit.py.
"use strict";

class QuickEdit {
  constructor(list) {
    this.list = list;
    this.title = element("h2", { id: "quick-title" });
    this.note = statusLine("quick-note");
    this.place = element("div");
    this.dialog = element("dialog", { class: "quick-dialog", "aria-labelledby": "quick-title" }, this.title, this.note, this.place);
    this.said = statusLine("quick-said");
    document.querySelector("#content").append(this.dialog, this.said);
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
      if (event.defaultPrevented) return; // the tag box has a word to say first
      event.preventDefault();
      this.save();
    });
    this.dialog.addEventListener("click", (event) => {
      if (!event.target.closest(".quick-close")) return;
      event.preventDefault();
      if (this.mayLeave()) this.dialog.close();
    });
    // Escape closes the suggestions of the tag box first.
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && event.target.getAttribute("aria-expanded") === "true") event.preventDefault();
    }, true);
    this.dialog.addEventListener("cancel", (event) => {
      if (!this.mayLeave()) event.preventDefault();
    });
    this.dialog.addEventListener("close", () => this.place.replaceChildren());
    addEventListener("beforeunload", (event) => {
      if (this.isTyped()) event.preventDefault();
    });
  }

  async open(link) {
    this.said.textContent = "";
    try {
      const response = await fetch(link.href);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const form = page.querySelector("form.quick-form");
      if (!form) throw new Error(response.status);
      this.row = link.closest("tr");
      this.title.textContent = link.getAttribute("aria-label");
      this.show(form, link.href);
      this.filled = this.text();
      this.dialog.showModal();
      form.elements.headline.focus();
    } catch {
      location.assign(link.href); // it says itself what is the matter: a login, or that the story is gone
    }
  }

  show(form, address) {
    form.action = address;
    this.note.textContent = "";
    this.place.replaceChildren(form);
    for (const textarea of form.querySelectorAll("textarea[data-tag-box]")) new TagBox(textarea);
    for (const date of form.querySelectorAll("input[data-zone]")) new Schedule(date);
  }

  get form() {
    return this.place.querySelector("form");
  }

  text() {
    return this.form ? new URLSearchParams(new FormData(this.form)).toString() : "";
  }

  isTyped() {
    return this.dialog.open && this.text() !== this.filled;
  }

  mayLeave() {
    return !this.isTyped() || confirm("Close without saving what you typed?");
  }

  async save() {
    const { form } = this;
    if (this.isSending) return;
    this.isSending = true;
    this.note.textContent = "Saving …";
    try {
      this.answer(await this.send(form), form);
    } catch {
      this.note.textContent = "Not saved: the server can’t be reached. What you typed stands here still.";
    } finally {
      this.isSending = false;
    }
  }

  async send(form) {
    const body = new URLSearchParams(new FormData(form));
    body.set("_in_place", "1");
    // From the cookie: whoever has logged in once more, in another tab, has a new one.
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (token) body.delete("csrfmiddlewaretoken");
    const response = await fetch(form.action, { method: "POST", body, headers: token ? { "X-CSRFToken": token } : {} });
    return { response, page: new DOMParser().parseFromString(await response.text(), "text/html") };
  }

  answer({ response, page }, form) {
    const again = page.querySelector("form.quick-form");
    const row = page.querySelector("#result_list tbody tr");
    if (again) {
      this.show(again, form.action);
      (again.querySelector("[aria-invalid]:not([hidden])") ?? again.elements.headline).focus();
    } else if (row && response.redirected) {
      this.filled = this.text();
      this.dialog.close();
      this.take(row);
      this.said.textContent = [...page.querySelectorAll(".messagelist li")].map((line) => line.textContent.trim()).join(" ");
    } else {
      const why = page.querySelector("#login-form") ? "you are logged out. Log in again in another tab, then save here"
        : response.status === 404 ? "the story is gone" : `the server answered ${response.status}`;
      this.note.textContent = `Not saved: ${why}. What you typed stands here still.`;
    }
  }

  // Each cell says what it says now; links lead where they led, back to this very list.
  take(fresh) {
    for (const cell of this.row.cells) {
      const now = [...fresh.cells].find((other) => other.classList[0] === cell.classList[0]);
      if (!now || cell.classList.contains("action-checkbox")) continue;
      const addresses = [...cell.querySelectorAll("a")].map((link) => link.href);
      cell.replaceChildren(...now.childNodes);
      for (const [index, link] of [...cell.querySelectorAll("a")].entries()) link.href = addresses[index] ?? link.href;
    }
    this.row.classList.add("is-saved");
    (this.row.querySelector(".quick-edit") ?? this.row.querySelector("a")).focus();
  }
}

const storyList = document.querySelector("#result_list");
if (storyList?.querySelector("a.quick-edit")) new QuickEdit(storyList);
