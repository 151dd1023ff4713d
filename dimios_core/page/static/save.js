// Puts buttons under each chart that save it as a picture or as data. Files are made here of what stands on the page: the
// drawing that is shown, with its name and what the page says of where the figures come from; the table behind it.
(function () {
  "use strict";
  var said = JSON.parse(document.getElementById("words").textContent), words = said.save;
  var SVG = "http://www.w3.org/2000/svg", EDGE = 16, LINE = 20, SHARP = 2;
  function plain(element) { return element ? element.textContent.replace(/\s+/g, " ").trim() : ""; }
  function nameOf(figure) { return figure.querySelector("svg > title").textContent; }
  function tellSource() {
    return [plain(document.querySelector(".demo")), document.title].filter(Boolean).join(". ");
  }
  function nameFile(figure, form) {
    return (document.title + " " + nameOf(figure)).normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
      .replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 100) + "." + form;
  }
  function offer(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }
  function wrap(text, width, font) {
    var pen = document.createElement("canvas").getContext("2d"), lines = [""];
    pen.font = font;
    text.split(" ").forEach(function (word) {
      var longer = (lines[lines.length - 1] + " " + word).trim();
      if (pen.measureText(longer).width <= width) { lines[lines.length - 1] = longer; } else { lines.push(word); }
    });
    return lines.filter(Boolean);
  }
  function write(drawing, lines, top, look) {
    lines.forEach(function (words, i) {
      var text = document.createElementNS(SVG, "text");
      text.setAttribute("x", 0);
      text.setAttribute("y", top + i * LINE);
      text.setAttribute("text-anchor", "start");
      Object.keys(look).forEach(function (name) { text.setAttribute(name, look[name]); });
      text.textContent = words;
      drawing.appendChild(text);
    });
  }
  function draw(figure) {
    var shown = Array.from(figure.querySelectorAll(":scope > svg")).find(function (svg) {
      return getComputedStyle(svg).display !== "none";
    }) || figure.querySelector(":scope > svg");
    var box = shown.viewBox.baseVal, family = getComputedStyle(shown).fontFamily.replace(/"/g, "'");
    var title = wrap(nameOf(figure), box.width, "bold 15px " + family);
    var key = wrap(plain(figure.querySelector("figcaption")), box.width, "12px " + family);
    var source = wrap(tellSource(), box.width, "12px " + family);
    var above = title.length * LINE + 8, below = (key.length + source.length) * LINE + 12;
    var drawing = shown.cloneNode(true);
    ["class", "display", "style"].forEach(function (name) { drawing.removeAttribute(name); });
    var size = [box.width + 2 * EDGE, box.height + above + below + 2 * EDGE];
    drawing.setAttribute("viewBox", [-EDGE, -above - EDGE].concat(size).join(" "));
    drawing.setAttribute("width", size[0]);
    drawing.setAttribute("height", size[1]);
    drawing.setAttribute("font-family", family);
    var paper = document.createElementNS(SVG, "rect");
    [-EDGE, -above - EDGE].concat(size).forEach(function (value, i) {
      paper.setAttribute(["x", "y", "width", "height"][i], value);
    });
    paper.setAttribute("fill", "#fff");
    drawing.insertBefore(paper, drawing.firstElementChild);
    write(drawing, title, 14 - above, { "font-size": 15, "font-weight": 700, fill: "#1f2429" });
    write(drawing, key, box.height + LINE, { "font-size": 12, fill: "#59626b" });
    write(drawing, source, box.height + (1 + key.length) * LINE, { "font-size": 12, fill: "#59626b" });
    var text = new XMLSerializer().serializeToString(drawing);
    return { blob: new Blob([text], { type: "image/svg+xml" }), width: size[0], height: size[1] };
  }
  function paint(drawing) {
    return new Promise(function (done, failed) {
      var image = new Image(), address = URL.createObjectURL(drawing.blob);
      image.onerror = failed;
      image.onload = function () {
        var canvas = document.createElement("canvas");
        canvas.width = drawing.width * SHARP;
        canvas.height = drawing.height * SHARP;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(address);
        canvas.toBlob(done, "image/png");
      };
      image.src = address;
    });
  }
  function writeCell(text, between) {
    var number = text.replace(/\u2212/g, "-").replace(/[\u00a0\u202f](?=\d{3})/g, "");
    if (/^[+-]?\d+([.,]\d+)?$/.test(number)) { return number; }
    // a spreadsheet would reckon with what begins so
    text = /^[=+\-@\t]/.test(text) ? "'" + text : text;
    return text.includes(between) || /["\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function tabulate(figure) {
    var between = said.format.decimal === "," ? ";" : ",", rows = [];
    figure.querySelectorAll("details table").forEach(function (table) {
      if (rows.length) { rows.push([]); }
      if (table.caption) { rows.push([plain(table.caption)]); }
      Array.from(table.rows).forEach(function (row) {
        var cells = [];
        Array.from(row.cells).forEach(function (cell) {
          cells.push(plain(cell));
          for (var i = 1; i < cell.colSpan; i += 1) { cells.push(""); }
        });
        rows.push(cells);
      });
    });
    rows.push([], [tellSource()]);
    var lines = rows.map(function (cells) { return cells.map(function (text) { return writeCell(text, between); }).join(between); });
    return new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" });
  }
  var forms = {
    png: function (figure) { return paint(draw(figure)); },
    svg: function (figure) { return Promise.resolve(draw(figure).blob); },
    csv: function (figure) { return Promise.resolve(tabulate(figure)); }
  };
  function dress() {
    document.querySelectorAll("figure.chart").forEach(function (figure) {
      var last = figure.querySelector("button.explore") || figure.querySelector("figcaption");
      if (figure.querySelector(".saves") || !last) { return; }
      var room = document.createElement("span");
      room.className = "saves";
      Object.keys(forms).forEach(function (form) {
        var button = document.createElement("button");
        button.type = "button";
        button.textContent = form.toUpperCase();
        button.setAttribute("aria-label", words.as.replace("FORM", form.toUpperCase()) + ": " + nameOf(figure));
        button.addEventListener("click", function () {
          forms[form](figure).then(function (blob) { offer(blob, nameFile(figure, form)); });
        });
        room.appendChild(button);
      });
      last.after(room);
    });
  }
  function begin() {
    dress();
    new MutationObserver(dress).observe(document.body, { childList: true, subtree: true });
  }
  // after the script that makes the other button, which stands first
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", begin); } else { begin(); }
})();
