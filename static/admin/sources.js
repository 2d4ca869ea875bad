// The rows of sources: a fresh one as soon as the last is used, and buttons to order and to remove them.
"use strict";

class SourceRows {
  constructor(box) {
    this.box = box;
    for (const row of box.children) this.equip(row);
    box.addEventListener("input", () => this.keepOneEmpty());
    this.keepOneEmpty();
  }

  equip(row) {
    const buttons = document.createElement("span");
    buttons.className = "source-buttons";
    buttons.append(
      this.button("↑", "Move up", () => row.previousElementSibling?.before(row)),
      this.button("↓", "Move down", () => row.nextElementSibling?.after(row)),
      this.button("×", "Remove", () => this.remove(row)),
    );
    row.append(buttons);
  }

  button(sign, name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.setAttribute("aria-label", `${name} this source`);
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
    const row = document.createElement("div");
    row.className = "source-row";
    const number = (this.rows = (this.rows ?? this.box.children.length) + 1);
    row.append(this.field("Address", "url", number), this.field("Label", "label", number));
    this.equip(row);
    this.box.append(row);
  }

  field(name, part, number) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "text";
    input.name = `sources-${part}`;
    input.id = `${this.box.id}-${part}-${number}`;
    input.maxLength = part === "url" ? 1000 : 200;
    input.placeholder = part === "url" ? "https://…" : "the site's name";
    if (part === "url") input.inputMode = "url";
    label.append(name, input);
    return label;
  }
}

for (const box of document.querySelectorAll("[data-sources]")) new SourceRows(box);
