// The keys of the story form. Each presses the first button there is with one of its names in data-shortcut.
"use strict";

const SHORTCUTS = [
  { names: ["save"], key: "s", isWithControl: true, says: "Save and continue editing" },
  { names: ["publish", "submit"], key: "Enter", isWithControl: true, says: "Publish, or submit for review" },
  // Shift and P is a private window in Firefox and prints in Chrome.
  { names: ["preview"], key: "l", isWithControl: true, isWithShift: true, says: "Show or hide the live preview" },
  { names: ["keyboard"], key: "?", says: "Show these keys, when not in a text box" },
];
const IS_APPLE = /^(?:Mac|iPhone|iPad)/.test(navigator.platform);

class Shortcuts {
  constructor(form, dialog) {
    this.dialog = dialog;
    this.isSending = false;
    for (const shortcut of SHORTCUTS) this.show(shortcut);
    const opener = this.button({ names: ["keyboard"] });
    opener.closest("li").hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
    // Before the editor, where Control and Enter break a line.
    document.addEventListener("keydown", (event) => this.pressed(event), { capture: true });
    document.addEventListener("submit", (event) => { this.isSending ||= event.target === form && !event.defaultPrevented; });
    addEventListener("pageshow", () => { this.isSending = false; });
  }

  button({ names }) {
    return names.map((name) => document.querySelector(`[data-shortcut="${name}"]`)).find(Boolean);
  }

  show(shortcut) {
    const button = this.button(shortcut);
    if (!button) return;
    const key = shortcut.key.length === 1 ? shortcut.key.toUpperCase() : shortcut.key;
    const modifiers = [shortcut.isWithControl && (IS_APPLE ? "Meta" : "Control"), shortcut.isWithShift && "Shift"].filter(Boolean);
    const shown = [...modifiers.map((name) => ({ Control: "Ctrl", Meta: "⌘" })[name] ?? name), key];
    button.setAttribute("aria-keyshortcuts", [...modifiers, key].join("+"));
    button.title = shown.join("+");
    const keys = shown.map((name) => element("kbd", {}, name));
    this.dialog.querySelector("dl").append(element("dt", {}, ...keys), element("dd", {}, shortcut.says));
  }

  isMeant({ key, isWithControl, isWithShift }, event) {
    if (event.altKey || event.key?.toLowerCase() !== key.toLowerCase()) return false;
    if (!isWithControl) return !event.ctrlKey && !event.metaKey && !event.target.closest("input, select, textarea, [contenteditable]");
    return (IS_APPLE ? event.metaKey : event.ctrlKey) && event.shiftKey === Boolean(isWithShift);
  }

  pressed(event) {
    if (event.isComposing) return;
    const button = this.button(SHORTCUTS.find((shortcut) => this.isMeant(shortcut, event)) ?? { names: [] });
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat && !this.isSending && !document.querySelector("dialog[open]")) button.click();
  }
}

const keyboardDialog = document.querySelector("#keyboard");
if (keyboardDialog) new Shortcuts(document.querySelector("#story_form"), keyboardDialog);
