"use strict";
(() => {
  const PAGE = 50;
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const text = (cell) => (Array.isArray(cell) ? cell[0] : cell);
  const key = (cell) => (Array.isArray(cell) ? cell[1] : cell);
  const bySort = (a, b) => {
    const x = key(a), y = key(b);
    if (x === "" || y === "") return x === y ? 0 : x === "" ? 1 : -1;
    if (typeof x === "number" && typeof y === "number") return compare(x, y);
    return compare(String(x), String(y));
  };
  const start = (box) => {
    const table = box.querySelector("table");
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const all = JSON.parse(box.querySelector("script[type='application/json']").textContent);
    const filter = box.querySelector("input");
    const status = box.querySelector("[role=status]");
    const [previous, next] = box.querySelectorAll(".pages button");
    let shown = all, page = 0, sorted = -1, down = false;
    const draw = () => {
      const pages = Math.max(1, Math.ceil(shown.length / PAGE));
      page = Math.min(page, pages - 1);
      const rows = shown.slice(page * PAGE, (page + 1) * PAGE).map((cells) => {
        const row = document.createElement("tr");
        cells.forEach((cell, n) => {
          const made = document.createElement("td");
          made.className = heads[n].dataset.cell;
          if (made.className === "band" && text(cell)) {
            const chip = document.createElement("span");
            chip.className = "band band-" + text(cell).replace(/[^a-z_]/g, "");
            chip.textContent = text(cell);
            made.className = "";
            made.append(chip);
          } else made.textContent = text(cell);
          row.append(made);
        });
        return row;
      });
      body.replaceChildren(...rows);
      status.textContent = `${shown.length} of ${all.length} rows, page ${page + 1} of ${pages}`;
      previous.disabled = page === 0;
      next.disabled = page + 1 >= pages;
    };
    const select = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      shown = all.filter((row) => {
        const line = row.map(text).join(" ").toLowerCase();
        return words.every((word) => line.includes(word));
      });
      if (sorted >= 0) {
        shown = [...shown].sort((a, b) => bySort(a[sorted], b[sorted]));
        if (down) {
          const blank = shown.findIndex((row) => key(row[sorted]) === "");
          const known = blank < 0 ? shown : shown.slice(0, blank);
          shown = [...known.reverse(), ...(blank < 0 ? [] : shown.slice(blank))];
        }
      }
      page = 0;
      draw();
    };
    heads.forEach((head, n) => {
      head.querySelector("button").addEventListener("click", () => {
        down = sorted === n ? !down : head.dataset.cell.includes("r");
        sorted = n;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        select();
      });
    });
    filter.addEventListener("input", select);
    previous.addEventListener("click", () => { page -= 1; draw(); });
    next.addEventListener("click", () => { page += 1; draw(); });
    box.querySelector(".tools").hidden = all.length <= 10;
    draw();
  };
  document.querySelectorAll(".grid").forEach(start);
  document.documentElement.dataset.ready = "yes";
})();
