// Pasting into the body: cleans the text with clean-paste.js, says what was left out, and refuses too long texts.
"use strict";

class Paste {
  constructor(editor, textarea) {
    this.textarea = textarea;
    this.maxChars = Number(textarea.dataset.longest);
    this.note = statusLine("paste-note");
    textarea.closest(".prose-editor").after(this.note);
    const refuses = (view, event, slice) => this.isRefused(view, event, slice);
    editor.setOptions({
      editorProps: {
        transformPastedHTML: (html) => this.clean(html),
        handlePaste: (view, event, slice) => refuses(view, event, slice) || this.insert(view, slice),
        handleDrop: (view, event, slice, isMoved) => !isMoved && refuses(view, event, slice),
      },
    });
  }

  clean(html) {
    const pasted = new CleanPaste(html), cleaned = pasted.html;
    if (pasted.isOurs) return html;
    this.pasted = pasted;
    this.tooLong = cleaned.length > this.maxChars && cleaned.length;
    return this.tooLong ? "" : cleaned; // the editor parses long texts slowly
  }

  isRefused(view, event, slice) {
    const { pasted, tooLong } = this;
    this.pasted = this.tooLong = null;
    const length = tooLong || this.textarea.value.length + view.serializeForClipboard(slice).dom.innerHTML.length;
    if (length > this.maxChars) {
      const [count, limit] = [length, this.maxChars].map((number) => number.toLocaleString("en-GB"));
      this.say(`Not pasted: the body would have about ${count} characters with its markup. The limit is ${limit}.`);
      return true;
    }
    const files = (event.clipboardData ?? event.dataTransfer).files.length;
    this.say(files && !slice.size ? "Not pasted: paste text only." : this.describe(pasted?.dropped ?? []));
    return false;
  }

  describe(dropped) {
    if (!dropped.length) return "";
    return `Pasted without ${[dropped.slice(0, -1).join(", "), dropped.at(-1)].filter(Boolean).join(" and ")}.`;
  }

  // As the editor does, with two exceptions. Asterisks and underscores stay: the editor would make them formatting.
  // No automatic links: the editor takes ” for white space and drops it at a link's end. A URL pasted over a selection
  // makes that a link, which is left to the editor.
  insert(view, slice) {
    const { state } = view, text = slice.content.textBetween(0, slice.content.size, "\n");
    if (!slice.size || (!state.selection.empty && /^\S+$/.test(text))) return false;
    const change = state.tr.replaceSelection(slice).scrollIntoView().setMeta("preventAutolink", true);
    view.dispatch(/[*_]/.test(text) ? change : change.setMeta("uiEvent", "paste"));
    return true;
  }

  say(text) {
    this.note.textContent = text;
  }
}

document.addEventListener("prose-editor:ready", (event) => {
  if (event.detail.textarea.dataset.longest) new Paste(event.detail.editor, event.detail.textarea);
});
