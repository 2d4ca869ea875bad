// Pasting into the body: cleaned by clean-paste.js, what was dropped is said below, and what is too long is not taken at all.
"use strict";

class Paste {
  constructor(editor, textarea) {
    this.editor = editor;
    this.textarea = textarea;
    this.longest = Number(textarea.dataset.longest);
    this.note = statusLine("paste-note");
    textarea.closest(".prose-editor").after(this.note);
    const refuses = (view, event, slice) => this.isRefused(view, event, slice);
    editor.setOptions({
      editorProps: {
        transformPastedHTML: (html) => this.clean(html),
        handlePaste: (view, event, slice) => refuses(view, event, slice) || this.take(view, slice),
        handleDrop: (view, event, slice, isMoved) => !isMoved && refuses(view, event, slice),
      },
    });
  }

  clean(html) {
    const pasted = new CleanPaste(html), made = pasted.html;
    if (pasted.isOurs) return html;
    this.pasted = pasted;
    this.tooLong = made.length > this.longest && made.length;
    return this.tooLong ? "" : made; // the editor would need long to read it
  }

  isRefused(view, event, slice) {
    const { pasted, tooLong } = this;
    this.pasted = this.tooLong = null;
    const length = tooLong || this.textarea.value.length + view.serializeForClipboard(slice).dom.innerHTML.length;
    if (length > this.longest) {
      const [would, most] = [length, this.longest].map((count) => count.toLocaleString("en-GB"));
      this.say(`Not pasted: the body would have about ${would} characters with its markup; a story has at most ${most}.`);
      return true;
    }
    const files = (event.clipboardData ?? event.dataTransfer).files.length;
    this.say(files && !slice.size ? "Not pasted: a story holds text only." : this.saidOf(pasted?.dropped ?? []));
    return false;
  }

  saidOf(dropped) {
    return dropped.length ? `Pasted without ${[dropped.slice(0, -1).join(", "), dropped.at(-1)].filter(Boolean).join(" and ")}.` : "";
  }

  // As the editor does it, but for two things: it would take asterisks and underscores for marks, and away; and ” for white
  // space, which it lets go of at a link's end. An address on top of a selection makes that a link, and is the editor's to take.
  take(view, slice) {
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
