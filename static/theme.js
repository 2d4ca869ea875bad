// Light or dark, once a reader asks for another than the system's. Kept in this browser only and sent to nobody.
// Inlined before the page, so that the wrong one is never seen.
(root => {
  const system = () => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  let theme = "";
  try { theme = localStorage.theme || ""; } catch { /* a browser that keeps nothing */ }
  root.dataset.theme = theme;
  addEventListener("click", event => {
    if (!event.target.closest(".theme")) return;
    const other = (root.dataset.theme || system()) === "dark" ? "light" : "dark";
    theme = root.dataset.theme = other === system() ? "" : other;
    try { localStorage.theme = theme; } catch { /* until the page is left, then */ }
  });
})(document.documentElement);
