// Sorting and filtering of tables; without it the page reads the same.
(function () {
  "use strict";
  document.documentElement.classList.add("js");
  var value = function (cell) {
    var own = cell.getAttribute("data-v");
    if (own !== null) return parseFloat(own);
    var text = cell.textContent.trim();
    if (text === "" || text === "—") return null;
    return cell.className === "n" ? parseFloat(text) : text;
  };
  document.querySelectorAll(".sheet table:not(.plain)").forEach(function (table) {
    var body = table.tBodies[0];
    var heads = table.tHead ? table.tHead.rows[0].cells : [];
    Array.prototype.forEach.call(heads, function (head, at) {
      head.tabIndex = 0;
      var sort = function () {
        // Numbers start with the largest, words with the first.
        var down = head.getAttribute("aria-sort") === "ascending" ||
          (!head.hasAttribute("aria-sort") && head.className === "n");
        Array.prototype.forEach.call(heads, function (h) { h.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.map.call(body.rows, function (row, i) {
          return { row: row, i: i, v: value(row.cells[at]) };
        });
        rows.sort(function (a, b) {
          if (a.v === null || b.v === null) return (a.v === null) - (b.v === null) || a.i - b.i;
          var order = typeof a.v === "number" && typeof b.v === "number"
            ? a.v - b.v
            : String(a.v).localeCompare(String(b.v), document.documentElement.lang);
          return (down ? -order : order) || a.i - b.i;
        });
        rows.forEach(function (r) { body.appendChild(r.row); });
      };
      head.addEventListener("click", sort);
      head.addEventListener("keydown", function (e) {
        if (e.key === "Enter" || e.key === " ") { e.preventDefault(); sort(); }
      });
    });
    var sheet = table.closest(".sheet");
    var box = sheet.querySelector("input");
    if (box) box.addEventListener("input", function () {
      var words = box.value.trim().toLowerCase().split(/\s+/);
      var left = 0;
      Array.prototype.forEach.call(body.rows, function (row) {
        var text = row.textContent.toLowerCase();
        var hit = words.every(function (w) { return text.indexOf(w) >= 0; });
        row.hidden = !hit;
        if (hit) left += 1;
      });
      var count = sheet.querySelector("h3 .count");
      if (count) count.textContent = left === body.rows.length ? left : left + " / " + body.rows.length;
    });
  });
})();
