// The length of the body while one types: said when typing pauses. The rule is that of stories/admin/reading_time.py.
"use strict";

const WORDS_A_MINUTE = 230, PAUSE = 1_000; // milliseconds

function readingTime(text) {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const minutes = Math.ceil(words / WORDS_A_MINUTE);
  if (!words) return "No words yet.";
  return `${words.toLocaleString("en-GB")} word${words > 1 ? "s" : ""}, about ${minutes} minute${minutes > 1 ? "s" : ""} to read.`;
}

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  const line = document.getElementById(`${textarea.id}_helptext`)?.firstElementChild;
  if (!line) return;
  line.setAttribute("aria-live", "polite");
  let timer;
  editor.on("update", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const said = readingTime(editor.getText({ blockSeparator: "\n" }));
      if (line.textContent !== said) line.textContent = said;
    }, PAUSE);
  });
});
