// Reading time of the body, updated after each pause in typing. Same rule as stories/admin/widgets/reading_time.py.
"use strict";

const WORDS_PER_MINUTE = 230;
const READING_TIME_PAUSE = 1_000; // milliseconds without typing

function readingTime(text) {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const minutes = Math.ceil(words / WORDS_PER_MINUTE);
  if (!words) return "No words yet.";
  const count = `${words.toLocaleString("en-GB")} word${words > 1 ? "s" : ""}`;
  return `${count}, about ${minutes} minute${minutes > 1 ? "s" : ""} to read.`;
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
      const text = readingTime(editor.getText({ blockSeparator: "\n" }));
      if (line.textContent !== text) line.textContent = text;
    }, READING_TIME_PAUSE);
  });
});
