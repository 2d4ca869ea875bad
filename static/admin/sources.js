// The rows of sources: a fresh one as soon as the last is used, and buttons to order and to remove them.
"use strict";

class SourceRows {
  constructor(box) {
    this.box = box;
    this.blank = box.lastElementChild.cloneNode(true); // the server sends one
    this.number = box.children.length;
    for (const row of box.children) this.equip(row);
    box.addEventListener("input", () => this.keepOneEmpty());
    this.keepOneEmpty();
  }

  equip(row) {
    row.append(element("span", { class: "source-buttons" },
      this.button("↑", "Move up", () => row.previousElementSibling?.before(row)),
      this.button("↓", "Move down", () => row.nextElementSibling?.after(row)),
      this.button("×", "Remove", () => this.remove(row)),
    ));
  }

  button(sign, name, act) {
    const made = element("button", { type: "button", "aria-label": `${name} this source` }, sign);
    made.addEventListener("click", () => {
      act();
      this.keepOneEmpty();
      this.box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return made;
  }

  remove(row) {
    (row.previousElementSibling ?? row.nextElementSibling)?.querySelector("input").focus();
    row.remove();
  }

  isEmpty(row) {
    return [...row.querySelectorAll("input")].every((input) => !input.value.trim());
  }

  keepOneEmpty() {
    const last = this.box.lastElementChild;
    if (last && this.isEmpty(last)) return;
    const row = this.blank.cloneNode(true);
    this.number += 1;
    for (const input of row.querySelectorAll("input")) {
      Object.assign(input, { id: input.id.replace(/\d+$/, this.number), value: "" });
    }
    this.equip(row);
    this.box.append(row);
  }
}

for (const box of document.querySelectorAll("[data-sources]")) new SourceRows(box);
