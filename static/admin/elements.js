// HTML elements that the admin's scripts add to a page.
"use strict";

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// A line that screen readers announce whenever its text changes.
function statusLine(className) {
  return element("p", { class: className, role: "status" });
}
