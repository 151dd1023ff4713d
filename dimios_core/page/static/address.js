// Headings can be linked to, and choices live in the address behind the section: "#s-points?.period=2024&s-groups.group=all". They survive a
// reload, can be sent, and go along to the report's other parts, by the control's name alone. An address is a stranger's
// word: it is only ever compared with what the page offers, and what the page does not offer counts for nothing.
(function () {
  "use strict";
  const root = document.documentElement;
  const words = JSON.parse(document.getElementById("words").textContent).address;
  const SPOKEN_MS = 5000, CARRIED_MAX = 12;
  const PLAIN = /^[\w.:*-]{1,80}$/;  // what goes along although this page has no use for it
  const answers = Boolean(root.dataset.live) && !root.classList.contains("older");  // else the page shows its own choices only
  const selects = [...document.querySelectorAll(".live .controls select")];
  const tabs = [...document.querySelectorAll(".tabs a")].map(function (a) { return { link: a, page: a.getAttribute("href") }; });
  let section = "", carried = new Map();

  function headingOf(element) { return element.closest("section").querySelector("h2[id]"); }
  function keyOf(select) {
    const heading = headingOf(select);
    return (heading ? heading.id : "") + "." + select.name;
  }
  function first(select) {
    return Math.max(0, [...select.options].findIndex(function (option) { return option.defaultSelected; }));
  }
  function asked(pairs, select) {  // the option that an address chooses, or the page's own
    const value = pairs.get(keyOf(select)) ?? pairs.get(select.name);
    const index = [...select.options].findIndex(function (option) { return option.value === value; });
    return index < 0 ? first(select) : index;
  }
  function chosen(which) {
    return which.filter(function (select) { return select.selectedIndex !== first(select); });
  }
  function write(place, pairs) {
    const short = [...pairs].map(function ([key, value]) { return [key.startsWith(place + ".") ? key.slice(place.length) : key, value]; });
    const told = new URLSearchParams(short).toString().replace(/%3A/g, ":");
    return place || told ? "#" + place + (told ? "?" + told : "") : "";
  }
  function pairsOf(which) {
    return new Map(chosen(which).map(function (select) { return [keyOf(select), select.value]; }));
  }
  function read() {
    const [place, ...rest] = location.hash.slice(1).split("?");
    section = document.getElementById(place) ? place : "";
    const pairs = new Map();
    carried = new Map();
    new URLSearchParams(rest.join("?")).forEach(function (value, key) {
      pairs.set(key.startsWith(".") ? place + key : key, value);
      const name = key.split(".").pop();
      if (PLAIN.test(name) && PLAIN.test(value) && carried.size < CARRIED_MAX) { carried.set(name, value); }
    });
    return pairs;
  }
  function tell() {  // the address and the tabs say what is chosen
    const along = new Map(carried);
    if (answers) {
      selects.forEach(function (select) { along.delete(select.name); });
      const unused = new Map(along);
      chosen(selects).forEach(function (select) { along.set(select.name, select.value); });
      const address = write(section, new Map([...pairsOf(selects), ...unused]));
      if (address !== location.hash) {
        history.replaceState(history.state, "", address || location.pathname + location.search);
      }
    }
    tabs.forEach(function (tab) { tab.link.setAttribute("href", tab.page + write("", along)); });
  }
  function arrive() {
    const pairs = read();
    const turned = selects.filter(function (select) { return select.selectedIndex !== asked(pairs, select); });
    if (answers) {
      turned.forEach(function (select) { select.selectedIndex = asked(pairs, select); });
    } else if (turned.length) {
      const note = document.createElement("p");
      note.className = "elsewhere";
      note.textContent = words.elsewhere;
      document.querySelector("main").prepend(note);
    }
    return turned;
  }

  const arrived = read(), place = section;
  arrive();
  // where a reload or the way back leaves the page, the browser knows better
  const way = performance.getEntriesByType("navigation")[0];
  if (place && arrived.size && (!way || way.type === "navigate")) {  // once controls and charts have got their buttons
    window.addEventListener("load", function () { document.getElementById(place).scrollIntoView(); });
  }
  tell();
  document.addEventListener("change", function (event) {
    if (!selects.includes(event.target)) { return; }
    const heading = headingOf(event.target);
    section = heading ? heading.id : "";
    tell();
  });
  window.addEventListener("hashchange", function () {
    if (location.hash.includes("?")) {  // another address of this page was opened
      const turned = arrive();
      if (section) { document.getElementById(section).scrollIntoView(); }
      if (answers) { turned.forEach(function (select) { select.dispatchEvent(new Event("change", { bubbles: true })); }); }
    } else {
      section = document.getElementById(location.hash.slice(1)) ? location.hash.slice(1) : "";
    }
    tell();
  });

  // -- headings --------------------------------------------------------------------------------------

  const said = document.createElement("p");
  said.className = "linked";
  said.setAttribute("role", "status");
  let silence = 0;
  document.querySelectorAll("section.dimios > :is(h2, h3)[id], section.dimios > .live > :is(h2, h3)[id]").forEach(function (heading) {
    const link = document.createElement("a");
    link.className = "here";
    link.textContent = "§";
    link.setAttribute("href", "#" + heading.id);
    link.setAttribute("aria-label", words.link.replace("SECTION", heading.textContent));
    link.addEventListener("click", function () {
      const own = selects.filter(function (select) { return answers && headingOf(select) === heading; });
      const address = location.href.split("#")[0] + write(heading.id, pairsOf(own));
      const copied = navigator.clipboard ? navigator.clipboard.writeText(address) : Promise.reject(new Error());
      link.after(said);
      copied.then(function () { return words.copied; }, function () { return words.in_bar; }).then(function (word) {
        said.textContent = word;
        clearTimeout(silence);
        silence = setTimeout(function () { said.textContent = ""; }, SPOKEN_MS);
      });
    });
    const room = document.createElement("div");
    room.className = "linkable";
    heading.replaceWith(room);
    room.append(heading, link);
  });
})();
