// “Make quotes typographic”: straight quotes and apostrophes of headline and body, only when asked, and undone in one step.
"use strict";

// What begins with an apostrophe; and what may as well begin a quote, for which a quote that ends later speaks.
const ELISION = /^'(?:tisn't|twasn't|n'(?=\s)|(?:tis|twas|twere|twill|em|til|n|\d\ds)(?![\p{L}\p{N}']))/iu;
const PERHAPS_ELISION = /^'(?:cause|cos|bout|nuff|\d\d)(?![\p{L}\p{N}'])/iu;
const LETTER = /[\p{L}\p{N}]/u, OPENS_AFTER = /[\s([{<‘“—–\-/¿¡]/, CLOSES_BEFORE = /[\s)\]}>.,;:!?…—–\-/'"’”]/;

// The same text with typographic quotes: as many characters, so that every one keeps its place and its marks.
function typographic(text) {
  const made = [...text.split("")];
  const open = { "'": 0, '"': 0 };
  for (const [at, character] of made.entries()) {
    if ("“‘".includes(character)) open[character === "“" ? '"' : "'"] += 1;
    if (character === "”") open['"'] = Math.max(0, open['"'] - 1);
    if (character !== "'" && character !== '"') continue;
    const before = at ? made[at - 1] : " ", after = text[at + 1] ?? " ", rest = text.slice(at);
    const [left, right] = character === '"' ? "“”" : "‘’";
    if (isPrime(text.slice(0, at), rest, open[character])) continue;
    if (character === "'" && (LETTER.test(before) && LETTER.test(after) || OPENS_AFTER.test(before) && isElision(rest, open["'"]))) made[at] = "’";
    else if (OPENS_AFTER.test(before) && !/\s/.test(after) && !(/[—–-]/.test(before) && open[character] && CLOSES_BEFORE.test(after))) {
      made[at] = left;
      open[character] += 1;
    } else if (!/\s/.test(before)) {
      made[at] = right;
      if (open[character]) open[character] -= 1;
    }
  }
  return made.join("");
}

function isElision(rest, isOpen) {
  return ELISION.test(rest) || PERHAPS_ELISION.test(rest) && (isOpen || !closesLater(rest.slice(1), "'"));
}

// Whether one of these ends a word further on, before another begins one.
function closesLater(rest, character) {
  const next = rest.match(character === '"' ? /(^|.)["”](.|$)/su : /(^|.)['’](.|$)/su);
  const within = next && LETTER.test(next[1]) && LETTER.test(next[2]);
  if (within) return closesLater(rest.slice(next.index + next[0].length - 1), character);
  return Boolean(next) && !OPENS_AFTER.test(next[1] || " ");
}

// Feet and inches, minutes and seconds: 5' 6", a 12" record. After a digit it is a quote only where one is to be closed.
function isPrime(before, rest, isOpen) {
  const character = rest[0];
  if (!/\d$/.test(before) || /^'\p{L}/u.test(rest)) return false;
  if (/\d'\s?\d+(?:\.\d+)?$/.test(before) && character === '"' || /^'\s?\d+(?:\.\d+)?"/.test(rest)) return true;
  return !isOpen || closesLater(rest.slice(1), character);
}

class Quotes {
  constructor(editor, textarea) {
    this.editor = editor;
    this.headline = textarea.form.elements.headline;
    const button = element("button", { type: "button" }, "Make quotes typographic");
    this.note = element("span", { role: "status" });
    textarea.closest(".prose-editor").after(element("p", { class: "quotes" }, button, " ", this.note));
    button.addEventListener("click", () => this.change(button));
  }

  change(button) {
    const count = this.changeHeadline() + this.changeBody();
    button.focus();
    const one = count === 1 ? "1 quote or apostrophe was" : `${count} quotes and apostrophes were`;
    this.note.textContent = count ? `${one} changed.` : "There is no straight quote to change.";
  }

  // Typed into the box, not set, so that it can be undone there.
  changeHeadline() {
    const { headline } = this, text = headline.value, made = typographic(text);
    if (made === text) return 0;
    headline.focus();
    headline.select();
    document.execCommand("insertText", false, made);
    return this.difference(text, made);
  }

  changeBody() {
    const { state, view } = this.editor, change = state.tr;
    let count = 0;
    state.doc.descendants((block, start) => {
      if (!block.isTextblock) return true;
      const text = block.textBetween(0, block.content.size, "\n", "\n"), made = typographic(text);
      block.forEach((node, offset) => {
        if (!node.isText || made.slice(offset, offset + node.nodeSize) === node.text) return;
        const fresh = made.slice(offset, offset + node.nodeSize);
        change.replaceWith(start + 1 + offset, start + 1 + offset + node.nodeSize, state.schema.text(fresh, node.marks));
        count += this.difference(node.text, fresh);
      });
      return false;
    });
    // The editor's links take ” for white space, and would let go of it at a link's end.
    if (count) view.dispatch(change.setMeta("preventAutolink", true));
    return count;
  }

  difference(text, made) {
    return text.split("").filter((character, at) => character !== made[at]).length;
  }
}

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  if (editor.isEditable && textarea.form.elements.headline) new Quotes(editor, textarea);
});
