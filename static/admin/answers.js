// How the admin's scripts ask the server about what stands in a form.
"use strict";

// What it says, from JSON. Throws where there is no line, and where it refuses.
async function answerTo(form, address, question) {
  const response = await fetch(address, {
    method: "POST", body: new URLSearchParams(question), headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  if (!response.ok) throw new Error(response.status);
  return response.json();
}
