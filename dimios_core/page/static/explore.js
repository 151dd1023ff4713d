// Puts a button under each chart that shows the same figure in plotly, loaded only then from the report's own files, or out
// of the page where it is packed into it.
(function () {
  "use strict";
  var here = document.currentScript;
  var assets = (here && here.dataset.assets) || "";
  var language = document.documentElement.lang;
  var said = JSON.parse(document.getElementById("words").textContent), words = said.explore;
  var loading = null;
  function locate() {
    var packed = document.getElementById("plotly-packed");
    if (!packed) { return Promise.resolve(assets + "plotly.min.js"); }
    // one file for all: the script lies in it, compressed
    var bytes = Uint8Array.from(atob(packed.textContent), function (sign) { return sign.charCodeAt(0); });
    var unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(unpacked).blob().then(function (script) { return URL.createObjectURL(script); });
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
  function show(figure, button) {
    var room = figure.querySelector(".plotly-room");
    if (room) {
      room.remove();
      figure.classList.remove("exploring");
      button.textContent = words.open;
      return;
    }
    room = document.createElement("div");
    room.className = "plotly-room";
    figure.insertBefore(room, figure.firstChild);
    button.textContent = words.close;
    load().then(function (plotly) {
      if (!room.isConnected) { return; }  // closed again while plotly was on its way
      var data = JSON.parse(figure.querySelector("script.figure").textContent);
      figure.classList.add("exploring");
      return plotly.newPlot(room, data.data, data.layout, { locale: language, displaylogo: false });
    }).catch(function () {
      room.remove();
      figure.classList.remove("exploring");
      button.textContent = words.failed;
    });
  }
  function dress(root) {
    root.querySelectorAll("figure.chart").forEach(function (figure) {
      if (figure.querySelector("button.explore") || !figure.querySelector("script.figure")) { return; }
      var button = document.createElement("button");
      button.type = "button";
      button.className = "explore";
      button.textContent = words.open;
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
