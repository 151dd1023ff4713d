// Finds organisations as one types: by name, county or type, whatever marks letters carry. Without it the list stands as it is.
// Leads to the comparison of organisations that are chosen, which the list has among its links, or tells how it is made.
(function () {
  "use strict";
  var choosing = document.querySelector("form.compare");
  function compare() {
    var told = document.querySelector(".compared"), code = document.createElement("code"), link = document.createElement("a");
    var chosen = Array.from(choosing.querySelectorAll("select"), function (select) { return select.value; }).filter(Boolean);
    chosen = Array.from(new Set(chosen)).sort();
    told.textContent = "";
    if (chosen.length < 2) { return; }
    var name = "/comparison__" + chosen.join("__") + ".html";
    var made = Array.from(document.querySelectorAll("main dd a")).find(function (a) { return a.getAttribute("href").endsWith(name); });
    if (made) {
      link.href = made.href;
      link.textContent = choosing.dataset.open;
      told.append(link);
    } else {
      code.textContent = "dimios compare " + chosen.join(" ");
      told.append(choosing.dataset.make + " ", code);
    }
  }
  if (choosing) {
    choosing.addEventListener("input", compare);
    choosing.addEventListener("submit", function (event) { event.preventDefault(); });
    choosing.hidden = false;
  }
  var form = document.querySelector("form.find:not(.compare)");
  if (!form) { return; }
  var found = document.querySelector(".found");
  var groups = Array.from(document.querySelectorAll(".group"));
  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/\s+/g, " ").trim();
  }
  var entries = Array.from(document.querySelectorAll(".entry")).map(function (item) {
    var group = item.closest(".group");
    var county = group ? group.querySelector("h3").firstChild.textContent : "";
    return { item: item, text: plain(item.querySelector("p").textContent + " " + county) };
  });
  function choose(name) { return form.elements[name] ? form.elements[name].value : ""; }
  function filter() {
    var words = plain(choose("find")).split(" "), type = choose("type"), status = choose("status"), shown = 0;
    var asked = Boolean(words[0] || type || status);
    entries.forEach(function (entry) {
      var fits = words.every(function (word) { return entry.text.indexOf(word) >= 0; }) &&
        (!type || entry.item.dataset.type === type) && (!status || entry.item.dataset.status === status);
      entry.item.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    groups.forEach(function (group) {
      var fits = group.querySelector(".entry:not([hidden])") !== null;
      group.hidden = !fits;
      group.open = asked && fits;
    });
    var said = shown === 0 ? found.dataset.none : shown === 1 ? found.dataset.one : found.dataset.many;
    found.textContent = asked ? said.replace("NUMBER", String(shown)) : "";
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
  filter();  // a browser may have kept what was asked for
})();
