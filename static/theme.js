// The reader's choice between light and dark, where it differs from the system's. Stored in the browser, never sent.
// Inlined in the head, so that the page is never shown in the wrong one first.
(root => {
  const system = () => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  let theme = "";
  try { theme = localStorage.theme || ""; } catch { /* the browser forbids storage */ }
  root.dataset.theme = theme;
  addEventListener("click", event => {
    if (!event.target.closest(".theme")) return;
    const other = (root.dataset.theme || system()) === "dark" ? "light" : "dark";
    theme = root.dataset.theme = other === system() ? "" : other;
    try { localStorage.theme = theme; } catch { /* then the choice lasts for this page */ }
  });
})(document.documentElement);
