// "Convert to curly quotes": changes straight quotes and apostrophes in headline and body. Only on request, with undo.
"use strict";

// Words that begin with an apostrophe.
const ELISION = /^'(?:tisn't|twasn't|n'(?=\s)|(?:tis|twas|twere|twill|em|til|n|\d\ds)(?![\p{L}\p{N}']))/iu;
// Words that begin with an apostrophe, unless a quote that begins here closes later.
const POSSIBLE_ELISION = /^'(?:cause|cos|bout|nuff|\d\d)(?![\p{L}\p{N}'])/iu;
const LETTER = /[\p{L}\p{N}]/u;
const OPENS_AFTER = /[\s([{<‘“—–\-/¿¡]/;
const CLOSES_BEFORE = /[\s)\]}>.,;:!?…—–\-/'"’”]/;
const CURLY = { '"': ["“", "”"], "'": ["‘", "’"] };

// Returns the text with curly quotes. Its length stays the same, so that each character keeps its place and formatting.
function curlyQuotes(text) {
  const result = [...text.split("")];
  const open = { "'": 0, '"': 0 }; // unclosed quotes before this character
  for (const [at, character] of result.entries()) {
    if ("“‘".includes(character)) open[character === "“" ? '"' : "'"] += 1;
    if (character === "”") open['"'] = Math.max(0, open['"'] - 1);
    if (!(character in CURLY)) continue;
    const rest = text.slice(at);
    if (isPrime(text.slice(0, at), rest, open[character])) continue;
    const [left, right] = CURLY[character];
    const before = at ? result[at - 1] : " ", after = text[at + 1] ?? " ";
    if (character === "'" && isApostrophe(before, after, rest, open["'"])) {
      result[at] = "’";
    } else if (isOpening(before, after, open[character])) {
      result[at] = left;
      open[character] += 1;
    } else if (!/\s/.test(before)) {
      result[at] = right;
      if (open[character]) open[character] -= 1;
    }
  }
  return result.join("");
}

function isApostrophe(before, after, rest, isInQuote) {
  if (LETTER.test(before) && LETTER.test(after)) return true;
  return OPENS_AFTER.test(before) && isElision(rest, isInQuote);
}

function isElision(rest, isInQuote) {
  return ELISION.test(rest) || (POSSIBLE_ELISION.test(rest) && (isInQuote || !closesLater(rest.slice(1), "'")));
}

function isOpening(before, after, isOpen) {
  if (!OPENS_AFTER.test(before) || /\s/.test(after)) return false;
  const closesAfterDash = /[—–-]/.test(before) && isOpen && CLOSES_BEFORE.test(after);
  return !closesAfterDash;
}

// True if a quote of this kind closes in the rest of the text before another opens.
function closesLater(rest, character) {
  const next = rest.match(character === '"' ? /(^|.)["”](.|$)/su : /(^|.)['’](.|$)/su);
  const isInWord = next && LETTER.test(next[1]) && LETTER.test(next[2]);
  if (isInWord) return closesLater(rest.slice(next.index + next[0].length - 1), character);
  return Boolean(next) && !OPENS_AFTER.test(next[1] || " ");
}

// True for feet and inches, minutes and seconds: 5' 6", a 12" record. After a digit, only an open quote can close.
function isPrime(before, rest, isOpen) {
  const character = rest[0];
  if (!/\d$/.test(before) || /^'\p{L}/u.test(rest)) return false;
  if ((/\d'\s?\d+(?:\.\d+)?$/.test(before) && character === '"') || /^'\s?\d+(?:\.\d+)?"/.test(rest)) return true;
  return !isOpen || closesLater(rest.slice(1), character);
}

class Quotes {
  constructor(editor, textarea) {
    this.editor = editor;
    this.headline = textarea.form.elements.headline;
    const button = element("button", { type: "button" }, "Convert to curly quotes");
    this.note = element("span", { role: "status" });
    textarea.closest(".prose-editor").after(element("p", { class: "quotes" }, button, " ", this.note));
    button.addEventListener("click", () => this.convert(button));
  }

  convert(button) {
    const count = this.convertHeadline() + this.convertBody();
    button.focus();
    const counted = count === 1 ? "1 quote or apostrophe" : `${count} quotes and apostrophes`;
    this.note.textContent = count ? `${counted} converted.` : "No straight quotes found.";
  }

  // Inserts the text as if typed, so that the browser can undo it.
  convertHeadline() {
    const { headline } = this, text = headline.value, converted = curlyQuotes(text);
    if (converted === text) return 0;
    headline.focus();
    headline.select();
    document.execCommand("insertText", false, converted);
    return this.countDifferences(text, converted);
  }

  convertBody() {
    const { state, view } = this.editor, change = state.tr;
    let count = 0;
    state.doc.descendants((block, start) => {
      if (!block.isTextblock) return true;
      const converted = curlyQuotes(block.textBetween(0, block.content.size, "\n", "\n"));
      block.forEach((node, offset) => {
        const text = converted.slice(offset, offset + node.nodeSize), at = start + 1 + offset;
        if (!node.isText || text === node.text) return;
        change.replaceWith(at, at + node.nodeSize, state.schema.text(text, node.marks));
        count += this.countDifferences(node.text, text);
      });
      return false;
    });
    // Without automatic links: the editor takes ” for white space and would drop it at a link's end.
    if (count) view.dispatch(change.setMeta("preventAutolink", true));
    return count;
  }

  countDifferences(text, converted) {
    return text.split("").filter((character, at) => character !== converted[at]).length;
  }
}

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  if (editor.isEditable && textarea.form.elements.headline) new Quotes(editor, textarea);
});
