// Cleans pasted HTML to what stories/models/body.py allows: paragraphs, lists, quotes, bold, italic and links. Counts
// what is left out, to tell the user.
"use strict";

// Elements that begin and end a paragraph.
const PASTE_BLOCKS = new Set(
  `ADDRESS ARTICLE ASIDE BODY CAPTION CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM
  H1 H2 H3 H4 H5 H6 HEADER HR LEGEND MAIN NAV P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR`.split(/\s+/),
);
// Left out with their content, without telling the user.
const PASTE_IGNORED = new Set(
  ["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "TITLE", "META", "LINK", "XML", "SVG", "MAP", "WBR"],
);
// Left out with their content.
const PASTE_DROPPED = {
  IMG: "picture", CANVAS: "picture", VIDEO: "video or audio clip", AUDIO: "video or audio clip",
  IFRAME: "embedded page", OBJECT: "embedded page", EMBED: "embedded page",
  INPUT: "form field", SELECT: "form field", TEXTAREA: "form field", HR: "horizontal line",
};
// Left out, but their text is kept.
const PASTE_FLATTENED = {
  TABLE: "table", H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading",
};
const STRIKETHROUGH = "strikethrough (the text was kept)";
// Formatting that is left out: [name, pattern of a style attribute].
const PASTE_STYLES = [
  ["colours", /(?:^|;)\s*(?:background|color)\b/i],
  ["fonts", /(?:^|;)\s*font-(?:family|size)\s*:/i],
  ["underlines", /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*underline/i],
  [STRIKETHROUGH, /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/i],
];
const PASTE_STYLE_ELEMENTS = {
  U: "underlines", SUB: "subscript", SUP: "superscript", S: STRIKETHROUGH, STRIKE: STRIKETHROUGH, DEL: STRIKETHROUGH,
};
const TRACKING_PARAMETER = /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hsenc|_hsmi)$/i;
// Redirecting URLs: [host, path, parameters that hold the target].
const REDIRECTS = [
  [/^(?:www\.)?google\.[a-z.]+$/, "/url", ["q", "url"]],
  [/^lm?\.facebook\.com$/, "/l.php", ["u"]],
  [/\.safelinks\.protection\.outlook\.com$/, "/", ["url"]],
];

// Removes style elements and renames style and event attributes to data-style, data-onclick and so on: parsing them
// violates the Content-Security-Policy, even in a document that is never shown.
function neutralise(html) {
  const styleElement = /<style\b[^]*?(?:<\/style\s*>|$)/gi;
  const tag = /<[a-z](?:"[^"]*"|'[^']*'|[^"'<>])*>/gi;
  const quotedOrAttribute = /("[^"]*"|'[^']*')|(?<=[\s"'/])(?:style|on\w+)(?=\s*=)/gi;
  const rename = (found, quoted) => quoted ?? `data-${found}`;
  return html.replace(styleElement, "").replace(tag, (text) => text.replace(quotedOrAttribute, rename));
}

function getStyle(node, property) {
  const pattern = new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([^;]+)`, "i");
  return node.getAttribute("data-style")?.match(pattern)?.[1].trim().toLowerCase() ?? "";
}

class CleanPaste {
  constructor(html) {
    this.counts = new Map(); // of what was left out: {name: number}
    this.styles = new Set();
    // Nothing in a parsed document runs or loads.
    this.document = new DOMParser().parseFromString(neutralise(html), "text/html");
    this.root = this.document.createElement("div");
    this.line = []; // runs of text in the current paragraph, {text, marks}; null is a line break
    this.lists = new Map(); // {parent: open lists, outermost first}
    // Text copied from the editor has an attribute that tells it where the text was cut out.
    this.isOurs = Boolean(this.document.querySelector("[data-pm-slice]")) && !this.document.body.querySelector(
      ":not(p, strong, em, a, ul, ol, li, blockquote, br, meta)",
    );
    if (this.isOurs) return;
    this.walk(this.document.body, this.root, {});
    this.endParagraph(this.root);
  }

  get html() {
    return this.root.innerHTML;
  }

  // What was left out: ["2 pictures", "1 table (its text was kept)", "colours", "fonts"].
  get dropped() {
    return [...[...this.counts].map(([name, count]) => this.describe(name, count)), ...this.styles];
  }

  describe(name, count) {
    if (name === "tracking") return `tracking in ${count} ${count > 1 ? "links" : "link"}`;
    const isFlattened = Object.values(PASTE_FLATTENED).includes(name);
    const kept = isFlattened ? ` (${count > 1 ? "their" : "its"} text was kept)` : "";
    return `${count} ${count > 1 ? name.replace(/(?= without |$)/, "s") : name}${kept}`;
  }

  drop(name) {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  walk(node, parent, marks) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.text(child.data, marks);
      else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, parent, marks);
    }
  }

  element(node, parent, marks) {
    const name = node.nodeName.toUpperCase();
    if (PASTE_IGNORED.has(name) || this.isLeftOut(node, name)) return;
    this.noteFormatting(node, name);
    if (name === "BR") this.lineBreak(parent);
    else if (name === "UL" || name === "OL") this.list(node, parent, marks, 1);
    else if (name === "LI") this.list({ nodeName: "UL", childNodes: [node] }, parent, marks, 1);
    else if (name === "BLOCKQUOTE" || /^Mso(?:Intense)?Quote/.test(node.className)) this.quote(node, parent, marks);
    else if (/mso-list\s*:\s*l\d+\s+level\d+/i.test(node.getAttribute("data-style"))) {
      this.wordItem(node, parent, marks);
    } else if (PASTE_BLOCKS.has(name) || /^(?:block|flex|grid|list-item|table)/.test(getStyle(node, "display"))) {
      this.endParagraph(parent);
      this.walk(node, parent, name === "PRE" ? { ...marks, pre: true } : this.getMarks(node, name, marks));
      this.endParagraph(parent);
    } else this.walk(node, parent, this.getMarks(node, name, marks));
  }

  // True if the element is left out with its content, which is counted. A picture of an emoji becomes text.
  isLeftOut(node, name) {
    if (this.isHidden(node)) {
      if (node.textContent.trim()) this.drop("hidden passage");
      return true;
    }
    if (/mso-element\s*:\s*comment-list/.test(node.getAttribute("data-style"))
        || /msocomanchor/i.test(node.className)) {
      if (name === "A") this.drop("comment");
      return true;
    }
    if (!(name in PASTE_DROPPED)) return false;
    if (name === "IMG" && /^\p{Extended_Pictographic}/u.test(node.alt)) this.text(node.alt, {});
    else if (!this.isInvisible(node, name)) this.drop(PASTE_DROPPED[name]);
    return true;
  }

  isHidden(node) {
    return node.hidden || getStyle(node, "display") === "none" || getStyle(node, "visibility") === "hidden"
      || getStyle(node, "mso-hide") === "all";
  }

  // True for tracking pixels and hidden form fields.
  isInvisible(node, name) {
    if (name === "IMG") return Number(node.getAttribute("width") ?? 9) < 4;
    return name === "INPUT" && node.type === "hidden";
  }

  noteFormatting(node, name) {
    const isLayoutTable = name === "TABLE" && node.rows.length <= 1 && !(node.rows[0]?.cells.length > 1);
    if (name in PASTE_FLATTENED && !isLayoutTable) this.drop(PASTE_FLATTENED[name]);
    if (name in PASTE_STYLE_ELEMENTS) this.styles.add(PASTE_STYLE_ELEMENTS[name]);
    if (name === "FONT") this.styles.add(node.hasAttribute("color") ? "colours" : "fonts");
    for (const [style, pattern] of PASTE_STYLES) {
      const isLink = style === "underlines" && node.closest("a, [href]");
      if (pattern.test(node.getAttribute("data-style")) && !isLink) this.styles.add(style);
    }
  }

  getMarks(node, name, marks) {
    const weight = getStyle(node, "font-weight"), slant = getStyle(node, "font-style"), made = { ...marks };
    if (/^(?:B|STRONG)$/.test(name) || /^(?:bold|[6-9]00)/.test(weight)) made.strong = true;
    if (/^(?:normal|[1-5]00)/.test(weight)) made.strong = false;
    if (/^(?:I|EM|CITE)$/.test(name) || /^(?:italic|oblique)/.test(slant)) made.em = true;
    if (slant.startsWith("normal")) made.em = false;
    if (/^H\d$/.test(name)) made.isHeading = true;
    if (made.isHeading) made.strong = false; // headings are often bold throughout
    if (name === "A" && node.hasAttribute("href")) made.href = this.cleanURL(node.getAttribute("href").trim());
    return made;
  }

  // Returns the URL without tracking parameters and redirects, or null if it is no web or e-mail address.
  cleanURL(href) {
    if (/^(?:#|about:)/.test(href) || !href) return null;
    if (!/^(?:https?|mailto):/i.test(href) || !URL.canParse(href)) {
      this.drop("link without a usable URL");
      return null;
    }
    const url = this.followRedirect(new URL(href));
    const tracking = [...url.searchParams.keys()].filter((key) => TRACKING_PARAMETER.test(key));
    for (const key of tracking) url.searchParams.delete(key);
    if (!tracking.length && url.href === new URL(href).href) return href;
    this.drop("tracking");
    return url.href;
  }

  followRedirect(url) {
    const found = REDIRECTS.find(([host, path]) => host.test(url.hostname) && url.pathname === path);
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

  // Two breaks in a row end the paragraph.
  lineBreak(parent) {
    if (this.line.length && !this.line.at(-1)) this.endParagraph(parent);
    else if (this.line.length) this.line.push(null);
  }

  endParagraph(parent) {
    const line = this.line;
    this.line = [];
    while (line.length && !line.at(-1)?.text.trim()) line.pop();
    if (!line.length) return;
    line.at(-1).text = line.at(-1).text.trimEnd();
    const paragraph = this.document.createElement("p");
    for (const run of line) paragraph.append(run ? this.format(run) : this.document.createElement("br"));
    parent.append(paragraph);
  }

  format({ text, marks }) {
    let made = this.document.createTextNode(text);
    for (const name of ["em", "strong", "href"].filter((mark) => marks[mark])) {
      const mark = this.document.createElement(name === "href" ? "a" : name);
      if (name === "href") mark.setAttribute("href", marks.href);
      mark.append(made);
      made = mark;
    }
    return made;
  }

  // Word marks each paragraph of a quote: neighbours become one quote.
  quote(node, parent, marks) {
    this.endParagraph(parent);
    const isWord = node.nodeName !== "BLOCKQUOTE", last = parent.lastElementChild;
    const quote = isWord && last?.dataset.word ? last : this.document.createElement("blockquote");
    if (isWord) quote.dataset.word = "1";
    this.walk(node, quote, isWord ? { ...marks, em: false } : marks);
    this.endParagraph(quote);
    if (quote.hasChildNodes()) parent.append(quote);
  }

  // Google Docs puts a nested list directly into the list, after the item that it belongs to.
  list(node, parent, marks, level) {
    this.endParagraph(parent);
    const isOrdered = node.nodeName === "OL";
    for (const child of [...node.childNodes]) {
      if (child.nodeName === "UL" || child.nodeName === "OL") this.list(child, parent, marks, level + 1);
      else if (this.isListItem(child)) {
        const depth = Number(child.dataset?.ariaLevel) || level;
        this.fill(this.addItem(parent, depth, isOrdered, node.start), child, marks);
      }
    }
  }

  isListItem(node) {
    if (node.nodeType === Node.ELEMENT_NODE) return !this.isLeftOut(node, node.nodeName);
    return node.nodeType === Node.TEXT_NODE && node.data.trim();
  }

  fill(item, node, marks) {
    if (node.nodeType === Node.TEXT_NODE) this.text(node.data, marks);
    else {
      this.noteFormatting(node, node.nodeName);
      this.walk(node, item, this.getMarks(node, node.nodeName, marks));
    }
    this.endParagraph(item);
    if (!item.hasChildNodes()) item.remove();
    else if (item.firstElementChild.nodeName !== "P") item.prepend(this.document.createElement("p"));
  }

  // Adds an empty item at this level: to an open list, or to a new one inside the last item.
  addItem(parent, level, isOrdered, start) {
    const open = this.lists.get(parent) ?? [];
    this.lists.set(parent, open);
    if (!open.length || parent.lastElementChild !== open[0].list) open.length = 0;
    while (open.length && open.at(-1).level > level) open.pop();
    const tag = isOrdered ? "OL" : "UL";
    if (open.at(-1)?.level === level && open.at(-1).list.nodeName !== tag) open.pop();
    if (open.at(-1)?.level !== level) {
      const list = this.document.createElement(tag);
      if (isOrdered && start > 1) list.setAttribute("start", start);
      (open.at(-1)?.list.lastElementChild ?? open.at(-1)?.list ?? parent).append(list);
      open.push({ level, list });
    }
    const item = this.document.createElement("li");
    open.at(-1).list.append(item);
    return item;
  }

  // Word writes list items as paragraphs that begin with the bullet or number as text.
  wordItem(node, parent, marks) {
    this.endParagraph(parent);
    const isBullet = (part) => /mso-list\s*:\s*ignore/i.test(part.getAttribute("data-style"));
    const bullet = [...node.querySelectorAll("[data-style]")].find(isBullet);
    const number = bullet?.textContent.match(/^\s*\(?(\d+|[a-z]{1,4})[.)]/i)?.[1];
    bullet?.remove();
    const level = Number(node.getAttribute("data-style").match(/level(\d+)/i)[1]);
    this.fill(this.addItem(parent, level, Boolean(number), Number(number) || 1), node, marks);
  }
}
