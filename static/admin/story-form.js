// Connects the body's label with the rich-text editor, which replaces the textarea that the label names.
"use strict";

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  if (!label) return;
  label.id = `${textarea.id}_label`;
  editor.view.dom.setAttribute("aria-labelledby", label.id);
  label.addEventListener("click", () => editor.commands.focus());
});
