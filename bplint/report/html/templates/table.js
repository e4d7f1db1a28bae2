"use strict";
(() => {
  const table = document.querySelector("table.circuits");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const value = (row, column) => {
    const cell = row.cells[column];
    const text = "sort" in cell.dataset ? cell.dataset.sort : cell.textContent.trim();
    return text === "–" ? -Infinity : text !== "" && !isNaN(text) ? Number(text) : text;
  };
  const compare = (a, b) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a < typeof b ? -1 : 1);

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const first = column === 0 ? "ascending" : "descending";
      const order = head.ariaSort === first ? (column === 0 ? "descending" : "ascending") : first;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      rows.sort((a, b) => sign * compare(value(a, column), value(b, column)));
      body.append(...rows);
    });
  });

  if (rows.length < 2) return;
  const bar = document.createElement("p");
  bar.className = "filter";
  const label = document.createElement("label");
  label.textContent = "only circuits with ";
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = "name, BP301, error";
  label.append(input);
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  bar.append(label, " ", told);
  table.closest(".scroll").before(bar);
  const texts = new Map(rows.map((row) => {
    const section = document.getElementById(row.dataset.section);
    const headlines = [...section.querySelectorAll(".headline")].map((one) => one.textContent);
    return [row, [row.cells[0].textContent, row.cells[1].textContent, ...headlines].join(" ").toLowerCase()];
  }));
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      document.getElementById(row.dataset.section).hidden = !fits;
      shown += fits;
    }
    told.textContent = shown === rows.length ? "" : `${shown} of ${rows.length}`;
  });
})();
