// Answers the exercises of a page at once, and keeps what is written in this browser alone. Every right answer and reason stands on
// the page already: with scripts off nothing is missing but the fields.
(function () {
  "use strict";
  var store = null;
  try { store = window.localStorage; store.getItem("dimios"); } catch (error) { store = null; }
  function each(root, selector, act) { Array.prototype.forEach.call(root.querySelectorAll(selector), act); }
  function tell(status, right, words, reason) {
    status.className = right === null ? "" : right ? "right" : "wrong";
    status.textContent = "";
    if (words) {
      var mark = document.createElement("b");
      mark.className = "mark";
      mark.textContent = words;
      status.append(mark, reason ? " " + reason : "");
    }
  }
  function read(text) {  // a decimal comma or point, any minus sign; NaN for anything else
    var plain = text.replace(/[\u2212\u2013]/g, "-").replace(/[\s\u00a0%]/g, "").replace(",", ".");
    return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
  }
  function number(question) {
    var tried = question.querySelector(".tried"), field = tried.querySelector("input");
    var status = tried.querySelector("[role=status]"), said = question.dataset;
    function answer() {
      var given = read(field.value), right = Number(tried.dataset.answer);
      function near(other, within) { return Math.round(Math.abs(given - other) * 10) <= within; }
      if (isNaN(given)) { tell(status, null, field.value.trim() ? said.number : said.empty, ""); return; }
      if (near(right, Number(tried.dataset.within))) {
        tell(status, true, said.right, question.querySelector("[data-why]").textContent);
        return;
      }
      var why = question.querySelector("[data-hint]").textContent;
      each(question, "[data-mistake]", function (li) {
        if (near(Number(li.dataset.mistake), 0)) { why = li.textContent; }
      });
      tell(status, false, said.wrong, why);
    }
    tried.querySelector("button").addEventListener("click", answer);
    field.addEventListener("keydown", function (event) { if (event.key === "Enter") { answer(); } });
  }
  function rows(question) {
    each(question, "li[data-answer]", function (row) {
      var select = row.querySelector("select"), status = row.querySelector("[role=status]");
      select.addEventListener("change", function () {
        if (!select.value) { tell(status, null, "", ""); return; }
        var right = select.value === row.dataset.answer;
        var about = row.dataset.aboutRow || select.value;
        var why = question.querySelector('[data-about="' + about + '"]').cloneNode(true);
        each(why, ".place", function (told) { told.remove(); });  // a reason gives no other answer away
        tell(status, right, right ? question.dataset.right : question.dataset.wrong, why.textContent);
      });
    });
  }
  function keep(question) {
    var field = question.querySelector("textarea"), written = question.querySelector(".written");
    var name = "dimios-training/" + field.dataset.kept;
    function show() { written.textContent = field.value; }
    if (store) { field.value = store.getItem(name) || ""; }
    field.addEventListener("input", function () {
      show();
      try { if (store) { store.setItem(name, field.value); } } catch (error) { store = null; }
    });
    show();
  }
  function forget(place) {
    var button = place.querySelector("button"), status = place.querySelector("[role=status]");
    place.hidden = !store;
    button.addEventListener("click", function () {
      each(document, "textarea[data-kept]", function (field) {
        store.removeItem("dimios-training/" + field.dataset.kept);
        field.value = "";
        field.parentNode.querySelector(".written").textContent = "";
      });
      status.textContent = button.dataset.forget;
    });
  }
  function begin() {
    each(document, ".tried", function (field) { field.hidden = false; });
    each(document, "[data-training=number]", number);
    each(document, "[data-training=sort], [data-training=order]", rows);
    each(document, "[data-training=reflect]", keep);
    each(document, ".kept", forget);
  }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", begin); } else { begin(); }
})();
