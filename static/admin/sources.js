// The rows of sources: one empty row at the end, and buttons to move and remove rows.
"use strict";

class SourceRows {
  constructor(box) {
    this.box = box;
    this.blank = box.lastElementChild.cloneNode(true); // the server renders an empty last row
    this.number = box.children.length;
    for (const row of box.children) this.addButtons(row);
    box.addEventListener("input", () => this.keepOneEmpty());
    this.keepOneEmpty();
  }

  addButtons(row) {
    row.append(element("span", { class: "source-buttons" },
      this.button("↑", "Move up", () => row.previousElementSibling?.before(row)),
      this.button("↓", "Move down", () => row.nextElementSibling?.after(row)),
      this.button("×", "Remove", () => this.remove(row)),
    ));
  }

  button(sign, name, act) {
    const button = element("button", { type: "button", "aria-label": `${name} this source` }, sign);
    button.addEventListener("click", () => {
      act();
      this.keepOneEmpty();
      this.box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
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
    this.addButtons(row);
    this.box.append(row);
  }
}

for (const box of document.querySelectorAll("[data-sources]")) new SourceRows(box);
