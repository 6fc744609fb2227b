"use strict";
(() => {
  const rows = [...document.querySelectorAll("a.row")];
  const go = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
  const move = (step) => {
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const act = {
      j: () => move(1),
      k: () => move(-1),
      n: () => go("a[rel=next]"),
      p: () => go("a[rel=prev]"),
      q: () => go("header nav a"),
      "/": () => document.getElementById("words")?.focus(),
      c: () => document.getElementById("reason")?.focus(),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  document.documentElement.dataset.ready = "yes";
})();
