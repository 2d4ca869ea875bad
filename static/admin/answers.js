// JSON answers from the server about the text in a form.
"use strict";

// Throws if the server can't be reached or refuses.
async function answerTo(form, url, question) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const body = new URLSearchParams(question);
  const response = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token } });
  if (!response.ok) throw new Error(response.status);
  return response.json();
}
