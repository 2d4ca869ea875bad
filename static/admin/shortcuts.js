// Keyboard shortcuts of the story form. Each clicks the first button on the page that has one of its names in
// data-shortcut.
"use strict";

const SHORTCUTS = [
  { names: ["save"], key: "s", isWithControl: true, label: "Save and continue editing" },
  { names: ["publish", "submit"], key: "Enter", isWithControl: true, label: "Publish, or submit for review" },
  // Not Shift+P: it opens a private window in Firefox and prints in Chrome.
  { names: ["preview"], key: "l", isWithControl: true, isWithShift: true, label: "Show or hide the live preview" },
  { names: ["shortcuts"], key: "?", label: "Show keyboard shortcuts (outside text fields)" },
];
const IS_APPLE = /^(?:Mac|iPhone|iPad)/.test(navigator.platform);

class Shortcuts {
  constructor(form, dialog) {
    this.dialog = dialog;
    this.isSending = false;
    for (const shortcut of SHORTCUTS) this.show(shortcut);
    const opener = this.button({ names: ["shortcuts"] });
    opener.closest("li").hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
    // In the capture phase, before the editor, which breaks a line at Control+Enter.
    document.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
    document.addEventListener("submit", (event) => {
      this.isSending ||= event.target === form && !event.defaultPrevented;
    });
    addEventListener("pageshow", () => { this.isSending = false; });
  }

  button({ names }) {
    return names.map((name) => document.querySelector(`[data-shortcut="${name}"]`)).find(Boolean);
  }

  show(shortcut) {
    const button = this.button(shortcut);
    if (!button) return;
    const key = shortcut.key.length === 1 ? shortcut.key.toUpperCase() : shortcut.key;
    const control = IS_APPLE ? "Meta" : "Control";
    const modifiers = [shortcut.isWithControl && control, shortcut.isWithShift && "Shift"].filter(Boolean);
    const names = [...modifiers.map((name) => ({ Control: "Ctrl", Meta: "⌘" })[name] ?? name), key];
    button.setAttribute("aria-keyshortcuts", [...modifiers, key].join("+"));
    button.title = names.join("+");
    const keys = names.map((name) => element("kbd", {}, name));
    this.dialog.querySelector("dl").append(element("dt", {}, ...keys), element("dd", {}, shortcut.label));
  }

  isPressed({ key, isWithControl, isWithShift }, event) {
    if (event.altKey || event.key?.toLowerCase() !== key.toLowerCase()) return false;
    if (isWithControl) return (IS_APPLE ? event.metaKey : event.ctrlKey) && event.shiftKey === Boolean(isWithShift);
    const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
    return !event.ctrlKey && !event.metaKey && !isTyping;
  }

  onKey(event) {
    if (event.isComposing) return;
    const button = this.button(SHORTCUTS.find((shortcut) => this.isPressed(shortcut, event)) ?? { names: [] });
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat && !this.isSending && !document.querySelector("dialog[open]")) button.click();
  }
}

const shortcutsDialog = document.querySelector("#shortcuts");
if (shortcutsDialog) new Shortcuts(document.querySelector("#story_form"), shortcutsDialog);
