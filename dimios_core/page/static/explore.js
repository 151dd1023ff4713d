// Puts a button under each chart that shows the same figure in plotly, loaded only then from the report's own files, or out
// of the page where it is packed into it. Nothing of a chart leaves the page.
(function () {
  "use strict";
  var here = document.currentScript;
  var assets = (here && here.dataset.assets) || "";
  var language = document.documentElement.lang;
  var said = JSON.parse(document.getElementById("words").textContent), words = said.explore;
  var loading = null, figures = null;
  var tools = ["zoomIn2d", "zoomOut2d", "pan2d", "resetScale2d"];
  function unpack(packed) {
    var bytes = Uint8Array.from(atob(packed.textContent), function (sign) { return sign.charCodeAt(0); });
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
  }
  function locate() {
    var packed = document.getElementById("plotly-packed");
    if (!packed) { return Promise.resolve(assets + "plotly.min.js"); }
    // one file for all: the script lies in it, compressed
    return unpack(packed).blob().then(function (script) { return URL.createObjectURL(script); });
  }
  function find(figure) {  // in the chart, as a kernel sends it; else with those of the whole page
    var own = figure.querySelector("script.figure");
    if (own) { return JSON.parse(own.textContent); }
    figures = figures || unpack(document.getElementById("figures")).json();
    // a copy: to show it changes it, and it may be shown again
    return figures.then(function (all) { return JSON.parse(JSON.stringify(all[figure.id])); });
  }
  function load() {
    loading = loading || Promise.resolve().then(locate).then(function (address) {
      return new Promise(function (done, failed) {
        var script = document.createElement("script");
        script.src = address;
        script.onload = function () {
          if (language !== "en") {  // which is plotly's own
            window.Plotly.register({ moduleType: "locale", name: language, dictionary: words.plotly, format: said.format });
          }
          done(window.Plotly);
        };
        script.onerror = function () { script.remove(); failed(); };
        document.head.appendChild(script);
      });
    }).catch(function (error) { loading = null; throw error; });  // the next click tries again
    return loading;
  }
  function nameOf(figure) { return figure.querySelector("svg > title").textContent; }
  function say(figure, button, text) {
    button.textContent = text;
    button.setAttribute("aria-label", text + ": " + nameOf(figure));
  }
  function change(base, by) {  // the other way round: `differ` of report/drawable.py
    function isMapping(part) { return part !== null && typeof part === "object" && !Array.isArray(part); }
    var lists = Array.isArray(base) && Array.isArray(by) && base.length === by.length && by.every(isMapping);
    if (!lists && !(isMapping(base) && isMapping(by))) { return by; }
    var changed = lists ? base.slice() : Object.assign({}, base);
    Object.keys(by).forEach(function (name) {
      if (by[name] === null) { delete changed[name]; } else { changed[name] = change(base[name], by[name]); }
    });
    return changed;
  }
  function list(told) {  // labels or shapes, which are told by column: `pack_for_plotly` of report/drawable.py
    return Array.from({ length: told.n }, function (_, i) {
      var part = {};
      Object.keys(told).forEach(function (name) {
        var value = Array.isArray(told[name]) ? told[name][i] : told[name], at = name.split(".");
        if (name === "n" || value === null) { return; }
        if (at.length > 1) { part[at[0]] = part[at[0]] || {}; part[at[0]][at[1]] = value; } else { part[name] = value; }
      });
      return part;
    });
  }
  function choose(figure, drawn) {  // the form whose drawing is shown: the narrow one on a phone
    var wide = figure.querySelector("svg.wide");
    var chosen = wide && getComputedStyle(wide).display === "none" ? change(drawn.wide, drawn.narrow) : drawn.wide;
    var layout = chosen.layout;
    return {
      data: chosen.data,
      layout: Object.assign({}, layout, { annotations: list(layout.annotations), shapes: list(layout.shapes) })
    };
  }
  function prepare(layout, width) {
    // rows keep their places: what can be zoomed is the scale that has names, or both
    var rows = layout.xaxis.tickvals.length && !layout.yaxis.tickvals.length;
    layout.xaxis.fixedrange = false;
    layout.yaxis.fixedrange = !!rows;
    layout.hovermode = "closest";
    layout.dragmode = "zoom";
    layout.modebar = { orientation: "h", color: "#59626b", activecolor: "#1d4f86", bgcolor: "#fff" };
    layout.hoverlabel = { bgcolor: "#fff", bordercolor: "#59626b", font: { color: "#1f2429", size: 13 }, align: "left" };
    // the tools have a line of their own above the chart
    layout.margin.t += 34;
    layout.height += 34;
    layout.width = Math.min(layout.width, width);
    return layout;
  }
  function showTicks(plotly, room, layout) {  // the ticks of the whole scale are too few for a part of it
    var changing = false;
    room.on("plotly_relayout", function () {
      if (changing) { return; }
      var change = {};
      ["xaxis", "yaxis"].forEach(function (name) {
        var axis = layout[name], now = room.layout[name].range;
        if (!axis.tickvals.length) { return; }
        var whole = now[0] === axis.whole[0] && now[1] === axis.whole[1];
        change[name + ".tickmode"] = whole ? "array" : "auto";
      });
      changing = true;
      plotly.relayout(room, change).then(function () { changing = false; });
    });
  }
  function nameTools(room, figure) {
    room.querySelectorAll(".modebar-btn").forEach(function (tool) {
      tool.setAttribute("aria-label", tool.getAttribute("data-title") + ": " + nameOf(figure));
    });
  }
  function show(figure, button) {
    var room = figure.querySelector(".plotly-room");
    if (room) {
      room.remove();
      figure.classList.remove("exploring");
      say(figure, button, words.open);
      return;
    }
    room = document.createElement("div");
    room.className = "plotly-room";
    figure.insertBefore(room, figure.firstChild);
    say(figure, button, words.close);
    load().then(function (plotly) { return Promise.all([plotly, find(figure)]); }).then(function (found) {
      if (!room.isConnected) { return; }  // closed again while plotly was on its way
      var plotly = found[0], data = choose(figure, found[1]), layout = prepare(data.layout, room.clientWidth);
      ["xaxis", "yaxis"].forEach(function (name) { layout[name].whole = layout[name].range.slice(); });
      var settings = {
        locale: language, displaylogo: false, displayModeBar: true, modeBarButtons: [tools], doubleClick: "reset",
        plotlyServerURL: "", showSendToCloud: false, showEditInChartStudio: false
      };
      figure.classList.add("exploring");
      return plotly.newPlot(room, data.data, layout, settings).then(function () {
        nameTools(room, figure);
        showTicks(plotly, room, layout);
      });
    }).catch(function () {
      room.remove();
      figure.classList.remove("exploring");
      say(figure, button, words.failed);
    });
  }
  function dress(root) {
    root.querySelectorAll("figure.chart").forEach(function (figure) {
      if (figure.querySelector("button.explore")) { return; }
      var button = document.createElement("button");
      button.type = "button";
      button.className = "explore";
      say(figure, button, words.open);
      button.addEventListener("click", function () { show(figure, button); });
      figure.querySelector("figcaption").after(button);
      if (figure.dataset.explore) {  // it took the place of one that was being explored
        delete figure.dataset.explore;
        button.click();
      }
    });
  }
  function begin() {
    dress(document);
    new MutationObserver(function () { dress(document); }).observe(document.body, { childList: true, subtree: true });
  }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", begin); } else { begin(); }
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
})();
