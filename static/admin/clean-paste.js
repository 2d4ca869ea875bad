// What is pasted, in paragraphs, lists, quotes, bold, italic and links, as stories/models/body.py allows; and what that drops.
"use strict";

const PASTED_BLOCKS = new Set(
  `ADDRESS ARTICLE ASIDE BODY CAPTION CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER
  HR LEGEND MAIN NAV P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR`.split(/\s+/),
);
const PASTED_SILENTLY = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "TITLE", "META", "LINK", "XML", "SVG", "MAP", "WBR"]);
const PASTED_THINGS = {
  IMG: "picture", VIDEO: "video or sound", AUDIO: "video or sound", IFRAME: "embedded page", OBJECT: "embedded page",
  EMBED: "embedded page", CANVAS: "picture", INPUT: "form field", SELECT: "form field", TEXTAREA: "form field", HR: "dividing line",
};
// Their text is kept.
const PASTED_SHAPES = { TABLE: "table", H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading" };
const PASTED_LOOKS = [
  ["colours", /(?:^|;)\s*(?:background|color)\b/i], ["fonts", /(?:^|;)\s*font-(?:family|size)\s*:/i],
  ["underlines", /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*underline/i],
  ["striking through (the text was kept)", /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/i],
];
const PASTED_LOOKS_OF = { U: "underlines", SUB: "lowered letters", SUP: "raised letters" };
for (const name of ["S", "STRIKE", "DEL"]) PASTED_LOOKS_OF[name] = "striking through (the text was kept)";
const PASTED_TRACKING = /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hsenc|_hsmi)$/i;
// Addresses that only lead on to another one, and the part of them that names it.
const PASTED_REDIRECTS = [
  [/^(?:www\.)?google\.[a-z.]+$/, "/url", ["q", "url"]], [/^lm?\.facebook\.com$/, "/l.php", ["u"]],
  [/\.safelinks\.protection\.outlook\.com$/, "/", ["url"]],
];

// Styles and handlers break the Content-Security-Policy even where nothing is ever shown, so they are read under another name.
function withoutStyles(html) {
  return html.replace(/<style\b[^]*?(?:<\/style\s*>|$)/gi, "").replace(/<[a-z](?:"[^"]*"|'[^']*'|[^"'<>])*>/gi, (tag) =>
    tag.replace(/("[^"]*"|'[^']*')|(?<=[\s"'/])(?:style|on\w+)(?=\s*=)/gi, (found, quoted) => quoted ?? `data-${found}`));
}

function styleOf(node, property) {
  return node.getAttribute("data-style")?.match(new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([^;]+)`, "i"))?.[1].trim().toLowerCase() ?? "";
}

class CleanPaste {
  constructor(html) {
    this.counts = new Map();
    this.looks = new Set();
    // Inert: nothing in it runs or loads.
    this.document = new DOMParser().parseFromString(withoutStyles(html), "text/html");
    this.root = this.document.createElement("div");
    this.line = [];
    this.lists = new Map(); // of a place, the lists that are open in it, outermost first
    // Our own text comes with marks that tell the editor where it was cut out.
    this.isOurs = Boolean(this.document.querySelector("[data-pm-slice]")) && !this.document.body.querySelector(
      ":not(p, strong, em, a, ul, ol, li, blockquote, br, meta)",
    );
    if (this.isOurs) return;
    this.walk(this.document.body, this.root, {});
    this.end(this.root);
  }

  get html() {
    return this.root.innerHTML;
  }

  // "2 pictures, 1 table (its text was kept), colours and fonts"
  get dropped() {
    const things = [...this.counts].map(([name, count]) => {
      const kept = Object.values(PASTED_SHAPES).includes(name) ? ` (${count > 1 ? "their" : "its"} text was kept)` : "";
      return name === "tracking" ? `tracking in ${count} ${count > 1 ? "links" : "link"}` : `${count} ${this.plural(name, count)}${kept}`;
    });
    return [...things, ...this.looks];
  }

  plural(name, count) {
    if (count === 1) return name;
    return name.startsWith("video") ? "videos or sounds" : name.replace(/( whose .*)?$/, "s$1");
  }

  drop(name) {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  walk(node, place, marks) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.text(child.data, marks);
      else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, place, marks);
    }
  }

  element(node, place, marks) {
    const name = node.nodeName.toUpperCase();
    if (PASTED_SILENTLY.has(name) || this.isLeftOut(node, name)) return;
    this.look(node, name);
    if (name === "BR") this.lineBreak(node, place);
    else if (name === "UL" || name === "OL") this.list(node, place, marks, 1);
    else if (name === "LI") this.list({ nodeName: "UL", childNodes: [node] }, place, marks, 1);
    else if (name === "BLOCKQUOTE" || /^Mso(?:Intense)?Quote/.test(node.className)) this.quote(node, place, marks);
    else if (/mso-list\s*:\s*l\d+\s+level\d+/i.test(node.getAttribute("data-style"))) this.wordItem(node, place, marks);
    else if (PASTED_BLOCKS.has(name) || /^(?:block|flex|grid|list-item|table)/.test(styleOf(node, "display"))) {
      this.end(place);
      this.walk(node, place, name === "PRE" ? { ...marks, pre: true } : this.marksOf(node, name, marks));
      this.end(place);
    } else this.walk(node, place, this.marksOf(node, name, marks));
  }

  // Whether it is left out with all that is in it, which is said; a picture of an emoji is text.
  isLeftOut(node, name) {
    if (node.hidden || styleOf(node, "display") === "none" || styleOf(node, "visibility") === "hidden" || styleOf(node, "mso-hide") === "all") {
      if (node.textContent.trim()) this.drop("hidden passage");
      return true;
    }
    if (/mso-element\s*:\s*comment-list/.test(node.getAttribute("data-style")) || /msocomanchor/i.test(node.className)) {
      if (name === "A") this.drop("comment");
      return true;
    }
    if (!(name in PASTED_THINGS)) return false;
    const isEmoji = name === "IMG" && /^\p{Extended_Pictographic}/u.test(node.alt);
    if (isEmoji) this.text(node.alt, {});
    const isSeen = name === "IMG" ? !(Number(node.getAttribute("width") ?? 9) < 4) : name !== "INPUT" || node.type !== "hidden";
    if (!isEmoji && isSeen) this.drop(PASTED_THINGS[name]);
    return true;
  }

  look(node, name) {
    if (name in PASTED_SHAPES && (name !== "TABLE" || node.rows.length > 1 || node.rows[0]?.cells.length > 1)) this.drop(PASTED_SHAPES[name]);
    if (name in PASTED_LOOKS_OF) this.looks.add(PASTED_LOOKS_OF[name]);
    if (name === "FONT") this.looks.add(node.hasAttribute("color") ? "colours" : "fonts");
    for (const [what, style] of PASTED_LOOKS) {
      if (style.test(node.getAttribute("data-style")) && !(what === "underlines" && node.closest("a, [href]"))) this.looks.add(what);
    }
  }

  marksOf(node, name, marks) {
    const weight = styleOf(node, "font-weight"), slant = styleOf(node, "font-style"), made = { ...marks };
    if (/^(?:B|STRONG)$/.test(name) || /^(?:bold|[6-9]00)/.test(weight)) made.strong = true;
    if (/^(?:normal|[1-5]00)/.test(weight)) made.strong = false;
    if (/^(?:I|EM|CITE)$/.test(name) || /^(?:italic|oblique)/.test(slant)) made.em = true;
    if (slant.startsWith("normal")) made.em = false;
    if (/^H\d$/.test(name)) made.isHeading = true;
    if (made.isHeading) made.strong = false; // bold throughout, as a heading is
    if (name === "A" && node.hasAttribute("href")) made.href = this.addressOf(node.getAttribute("href").trim());
    return made;
  }

  // Only what leads somewhere from everywhere; of it, not what tells who followed it.
  addressOf(href) {
    if (/^(?:#|about:)/.test(href) || !href) return null;
    if (!/^(?:https?|mailto):/i.test(href) || !URL.canParse(href)) {
      this.drop("link whose address leads nowhere from here");
      return null;
    }
    const url = this.ledOnBy(new URL(href)), tracked = [...url.searchParams.keys()].filter((key) => PASTED_TRACKING.test(key));
    for (const key of tracked) url.searchParams.delete(key);
    if (!tracked.length && url.href === new URL(href).href) return href;
    this.drop("tracking");
    return url.href;
  }

  ledOnBy(url) {
    const found = PASTED_REDIRECTS.find(([host, path]) => host.test(url.hostname) && url.pathname === path);
    const target = found?.[2].map((key) => url.searchParams.get(key)).find(Boolean);
    return /^https?:/i.test(target) && URL.canParse(target) ? new URL(target) : url;
  }

  text(data, marks) {
    if (marks.pre && data.includes("\n")) {
      for (const [index, part] of data.replace(/\n$/, "").split("\n").entries()) {
        if (index) this.line.push(null);
        this.text(part, marks);
      }
      return;
    }
    const last = this.line.at(-1);
    let text = data.replace(/[\s\u00a0]+/g, " ");
    if (!last || last.text.endsWith(" ")) text = text.trimStart();
    if (text) this.line.push({ text, marks });
  }

  // A second one in a row ends the paragraph.
  lineBreak(node, place) {
    if (this.line.length && !this.line.at(-1)) this.end(place);
    else if (this.line.length) this.line.push(null);
  }

  end(place) {
    const line = this.line;
    this.line = [];
    while (line.length && !line.at(-1)?.text.trim()) line.pop();
    if (!line.length) return;
    line.at(-1).text = line.at(-1).text.trimEnd();
    const paragraph = this.document.createElement("p");
    for (const run of line) paragraph.append(run ? this.marked(run) : this.document.createElement("br"));
    place.append(paragraph);
  }

  marked({ text, marks }) {
    let made = this.document.createTextNode(text);
    for (const name of ["em", "strong", "href"].filter((mark) => marks[mark])) {
      const mark = this.document.createElement(name === "href" ? "a" : name);
      if (name === "href") mark.setAttribute("href", marks.href);
      mark.append(made);
      made = mark;
    }
    return made;
  }

  // Paragraphs of Word's style of quotes follow one another in one quote.
  quote(node, place, marks) {
    this.end(place);
    const isWord = node.nodeName !== "BLOCKQUOTE", last = place.lastElementChild;
    const quote = isWord && last?.dataset.word ? last : this.document.createElement("blockquote");
    if (isWord) quote.dataset.word = "1";
    this.walk(node, quote, isWord ? { ...marks, em: false } : marks);
    this.end(quote);
    if (quote.hasChildNodes()) place.append(quote);
  }

  // A list right in a list is one of its last item's, as Google Docs puts it.
  list(node, place, marks, level) {
    this.end(place);
    const isOrdered = node.nodeName === "OL";
    for (const child of [...node.childNodes]) {
      if (child.nodeName === "UL" || child.nodeName === "OL") this.list(child, place, marks, level + 1);
      else if (child.nodeType === Node.ELEMENT_NODE ? !this.isLeftOut(child, child.nodeName) : child.data?.trim() && child.nodeType === Node.TEXT_NODE) {
        const depth = Number(child.dataset?.ariaLevel) || level;
        this.fill(this.item(place, depth, isOrdered, node.start), child, marks);
      }
    }
  }

  fill(item, node, marks) {
    if (node.nodeType === Node.TEXT_NODE) this.text(node.data, marks);
    else {
      this.look(node, node.nodeName);
      this.walk(node, item, this.marksOf(node, node.nodeName, marks));
    }
    this.end(item);
    if (!item.hasChildNodes()) item.remove();
    else if (item.firstElementChild.nodeName !== "P") item.prepend(this.document.createElement("p"));
  }

  item(place, level, isOrdered, start) {
    const open = this.lists.get(place) ?? [];
    this.lists.set(place, open);
    if (!open.length || place.lastElementChild !== open[0].list) open.length = 0;
    while (open.length && open.at(-1).level > level) open.pop();
    const tag = isOrdered ? "OL" : "UL";
    if (open.at(-1)?.level === level && open.at(-1).list.nodeName !== tag) open.pop();
    if (open.at(-1)?.level !== level) {
      const list = this.document.createElement(tag);
      if (isOrdered && start > 1) list.setAttribute("start", start);
      (open.at(-1)?.list.lastElementChild ?? open.at(-1)?.list ?? place).append(list);
      open.push({ level, list });
    }
    const item = this.document.createElement("li");
    open.at(-1).list.append(item);
    return item;
  }

  // Word writes a list as paragraphs, each with its bullet or number in it as text.
  wordItem(node, place, marks) {
    this.end(place);
    const bullet = [...node.querySelectorAll("[data-style]")].find((part) => /mso-list\s*:\s*ignore/i.test(part.getAttribute("data-style")));
    const number = bullet?.textContent.match(/^\s*\(?(\d+|[a-z]{1,4})[.)]/i)?.[1];
    bullet?.remove();
    const level = Number(node.getAttribute("data-style").match(/level(\d+)/i)[1]);
    this.fill(this.item(place, level, Boolean(number), Number(number) || 1), node, marks);
  }
}
