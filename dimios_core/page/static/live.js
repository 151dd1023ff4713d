// Makes the controls of a served page answer: the first touch asks the server for a kernel, and each choice asks that
// kernel for new content, in Jupyter's own messages. The server names its address in <html data-live>; without it, in
// a file or on paper, nothing happens here.
(function () {
  "use strict";
  const root = document.documentElement;
  if (!root.dataset.live || root.classList.contains("older")) { return; }

  const PAUSES_S = [1, 2, 5, 10, 30, 60];
  const PATIENCE_MS = 15000;
  const SPOKEN_MS = 5000;
  const CLOSED = { asleep: 4001, gone: 4003, newer: 4010 };
  const code = draw("23456789ABCDEFGHJKMNPQRSTVWXYZ", 6);  // what readers and the server's log call this page's visit
  const words = JSON.parse(document.getElementById("words").textContent).live;
  words.trouble = words.trouble.replace("CODE", code);

  let state = "asleep";  // then waking, awake, asleep again; pausing before the next attempt; over when nothing helps
  let attempt = 0;       // answers to an earlier attempt are not heard
  let call = null, socket = null, session = "", sent = 0, close = "";
  let pauses = 0, pause = 0, mayHurry = false, patience = 0, silence = 0;
  let touched = null;    // the select that the reader touched last: messages stand beside it
  let message = "";
  const spoken = document.createElement("p");
  spoken.className = "unseen";
  spoken.setAttribute("aria-live", "polite");

  const pieces = [...document.querySelectorAll(".live")].map(function (box) {
    const piece = {
      selects: [...box.querySelectorAll(".controls select")],
      chosen: box.querySelector(".chosen"),
      says: document.createElement("p"),
      seen: new Map(),  // choices -> content, of this page's version of the results
      shown: "",
      told: "",
      kernel: null
    };
    piece.shown = piece.selects.map(own).join();  // an address may have chosen something else already
    piece.seen.set(piece.shown, piece.chosen.innerHTML);
    piece.says.className = "live-says";
    piece.says.setAttribute("role", "status");
    piece.says.setAttribute("aria-live", "polite");
    const controls = box.querySelector(".controls"), heading = box.querySelector("h2");
    const follows = document.createElement("p");
    follows.className = "follows";
    follows.textContent = words.follows;
    controls.append(follows, piece.says);
    controls.setAttribute("role", "group");
    if (heading) { controls.setAttribute("aria-labelledby", piece.section = heading.id); }
    controls.hidden = false;
    piece.selects.forEach(function (select) {
      select.addEventListener("pointerdown", function () { touch(select); });
      select.addEventListener("keydown", function (event) {
        const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
        if (types || /^(Arrow|Page|Home|End|Enter)/.test(event.key)) { touch(select); }
      });
      select.addEventListener("change", function () { touch(select); settle(); });
    });
    return piece;
  });
  if (!pieces.length) { return; }
  document.querySelector("main").append(spoken);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { hurry(); } });
  window.addEventListener("online", hurry);
  window.addEventListener("pageshow", function (event) { if (event.persisted && pieces.some(waits)) { wake(); } });
  // a page that is kept for the way back gives its kernel back, too: nobody knows whether its reader returns
  window.addEventListener("pagehide", function () { if (state !== "over") { sleep(); } });

  function draw(letters, n) {
    return [...crypto.getRandomValues(new Uint32Array(n))].map(function (x) { return letters[x % letters.length]; }).join("");
  }
  function choices(piece) { return piece.selects.map(function (s) { return s.selectedIndex; }).join(); }
  function own(select) { return Math.max(0, [...select.options].findIndex(function (o) { return o.defaultSelected; })); }
  function waits(piece) { return piece.shown !== choices(piece); }

  // -- what the reader does and sees ------------------------------------------------------------------

  function touch(select) {
    touched = select;
    tell(message);
    if (state === "asleep") { wake(); }
    if (state === "pausing" && mayHurry) { pauses = 0; wake(); }
  }
  function tell(word) {
    message = word;
    pieces.forEach(function (piece) {
      const own = piece.selects.includes(touched) ? word : "";
      if (own === piece.told) { return; }
      piece.told = own;
      const banner = own === "newer" && document.querySelector(".newer").cloneNode(true);
      piece.says.replaceChildren(...(banner ? banner.childNodes : [words[own] || ""]));
    });
  }
  function settle() {  // brings the page, what was chosen and what is asked for into line
    if (state === "over") {
      pieces.forEach(function (piece) {
        piece.shown.split(",").forEach(function (index, i) { piece.selects[i].selectedIndex = Number(index); });
      });
    }
    const known = pieces.filter(function (piece) { return waits(piece) && piece.seen.has(choices(piece)); });
    if (known.length) { keepPlace(function () { known.forEach(show); }); }
    pieces.forEach(function (piece) {
      if (waits(piece) && state === "awake" && !piece.kernel.request) { ask(piece); }
    });
    const underWay = state === "waking" || state === "awake";
    pieces.forEach(function (piece) { piece.chosen.setAttribute("aria-busy", String(underWay && waits(piece))); });
    const waiting = pieces.some(waits);
    if (!waiting || !underWay) { clearTimeout(patience); patience = 0; }
    if (waiting && underWay && !patience) { patience = setTimeout(fail, PATIENCE_MS); }
    if (!waiting && state === "awake") { pauses = 0; tell(""); }
  }
  function keepPlace(change) {
    const top = touched.getBoundingClientRect().top;
    document.body.style.minHeight = window.scrollY + window.innerHeight + "px";  // shorter content must not pull the page down
    change();
    // once new charts have got their buttons, and before anything is painted
    queueMicrotask(function () { window.scrollBy(0, touched.getBoundingClientRect().top - top); });
  }
  function show(piece) {
    const room = document.createElement("template");
    room.innerHTML = piece.seen.get(piece.shown = choices(piece));
    const first = room.content.firstElementChild;
    const fresh = first && first.matches("section.dimios") ? first : room.content;
    const answer = fresh.querySelector(".answer, figcaption");
    // it is spoken below: some screen readers speak new live regions, too, and most do not
    fresh.querySelectorAll("[aria-live]").forEach(function (p) { p.removeAttribute("aria-live"); });
    const open = new Set([...piece.chosen.querySelectorAll("details[open]")].map(nameOf));
    fresh.querySelectorAll("details").forEach(function (d) { d.open = d.open || open.has(nameOf(d)); });
    piece.chosen.querySelectorAll("figure.exploring").forEach(function (figure) {
      const again = fresh.querySelector("#" + CSS.escape(figure.id));
      if (again) { again.dataset.explore = "again"; }
    });
    const held = piece.chosen.contains(document.activeElement);
    piece.chosen.replaceChildren(...fresh.childNodes);
    if (held) { touched.focus({ preventScroll: true }); }
    spoken.replaceChildren(answer ? answer.textContent : "");
    clearTimeout(silence);
    silence = setTimeout(function () { spoken.textContent = ""; }, SPOKEN_MS);  // whoever reads on does not meet it twice
  }
  function nameOf(details) {
    const figure = details.closest("figure");
    return (figure ? figure.id : "") + " " + details.querySelector("summary").textContent;
  }

  // -- getting a kernel, and losing it ----------------------------------------------------------------

  function wake() {
    part();
    state = "waking";
    const own = attempt;
    const heard = function (react) { return function (value) { if (own === attempt) { return react(value); } }; };
    call = new AbortController();
    fetch(root.dataset.live, {
      method: "POST", credentials: "same-origin", cache: "no-store", signal: call.signal,
      headers: { "Content-Type": "application/json", "X-Requested-With": "dimios" },
      body: JSON.stringify({ code: code, reads: document.querySelector("meta[name=dimios-reads]").content })
    }).then(heard(function (answer) {
      const wait = Number(answer.headers.get("Retry-After"));
      if (answer.ok) { return answer.json().then(heard(connect)); }
      if (answer.status === 409) { return end("newer"); }
      if ([401, 403, 404].includes(answer.status)) { return end("gone"); }
      if (answer.status === 503 && wait > 0) { return rest(wait, false, "busy"); }
      fail();
    })).catch(heard(fail));
    settle();
  }
  function connect(answer) {
    close = answer.close;
    const offered = answer.pieces.filter(function (piece) { return piece.controls.length; });
    const same = function (select, control) {
      const labels = [...select.options].map(function (option) { return option.textContent; });
      return control && JSON.stringify(labels) === JSON.stringify(control.labels);
    };
    const fits = offered.length === pieces.length && pieces.every(function (piece, i) {
      const controls = offered[i].controls;
      return controls.length === piece.selects.length && piece.selects.every(function (s, j) { return same(s, controls[j]); });
    });
    if (!fits) { return end("newer"); }
    pieces.forEach(function (piece, i) {
      const at = offered[i].controls.map(function (c) { return c.index; });
      piece.kernel = {
        content: offered[i].content, models: offered[i].controls.map(function (c) { return c.model; }),
        at: at, html: piece.seen.get(at.join()), request: null
      };
    });
    session = draw("0123456789abcdef", 32);
    const address = new URL(answer.channels, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("session_id", session);
    socket = new WebSocket(address);
    socket.onopen = function () { state = "awake"; settle(); };
    socket.onmessage = function (event) { if (typeof event.data === "string") { hear(JSON.parse(event.data)); } };
    socket.onclose = function (event) { lose(event.code); };
  }
  function lose(reason) {
    if (Object.values(CLOSED).includes(reason)) { close = ""; }  // it is not this page's any more
    if (reason === CLOSED.newer) { return end("newer"); }
    if (reason === CLOSED.gone) { return end("gone"); }
    if (reason !== CLOSED.asleep) { return fail(); }
    if (pieces.some(waits)) { return rest(PAUSES_S[0], true, ""); }  // it was put to sleep over a choice
    sleep();
  }
  function sleep() {
    part();
    state = "asleep";
    tell("");
    settle();
  }
  function fail() { rest(PAUSES_S[Math.min(pauses++, PAUSES_S.length - 1)], true, "trouble"); }
  function rest(seconds, hurried, word) {
    part();
    state = "pausing";
    mayHurry = hurried;
    tell(word);
    settle();
    pause = setTimeout(function () { mayHurry = true; if (!document.hidden) { wake(); } }, seconds * 1000);
  }
  function hurry() { if (state === "pausing" && mayHurry) { wake(); } }
  function end(word) {
    part();
    state = "over";
    if (word === "newer") { root.classList.add("older"); }
    // not `disabled`: that would take the focus from the reader's hand
    pieces.forEach(function (p) { p.selects.forEach(function (s) { s.setAttribute("aria-disabled", "true"); }); });
    tell(word);
    settle();
  }
  function part() {  // gives back the kernel, or what there is of it, and forgets what it was asked
    attempt++;
    clearTimeout(pause);
    if (call) { call.abort(); call = null; }
    if (socket) { socket.onopen = socket.onmessage = socket.onclose = null; socket.close(); socket = null; }
    if (close) { navigator.sendBeacon(close); close = ""; }
    pieces.forEach(function (piece) { piece.kernel = null; });
  }

  // -- Jupyter's messages -----------------------------------------------------------------------------

  function ask(piece) {
    const kernel = piece.kernel;
    const want = piece.selects.map(function (s) { return s.selectedIndex; });
    let steps = want.map(function (index, i) { return [i, index]; }).filter(function (step) { return kernel.at[step[0]] !== step[1]; });
    // another tab left the kernel there: it tells its content only when something changes
    if (!steps.length) { steps = [[0, want[0] ? 0 : 1], [0, want[0]]]; }
    steps.forEach(function (step) {
      kernel.request = { choices: want.join(), id: send(kernel.models[step[0]], { index: step[1] }) };
    });
    kernel.at = want;
  }
  function send(model, change) {
    const id = session + "-" + (++sent);
    socket.send(JSON.stringify({
      channel: "shell",
      header: {
        msg_id: id, session: session, username: "", date: new Date().toISOString(), msg_type: "comm_msg", version: "5.3"
      },
      parent_header: {}, metadata: {}, buffers: [],
      content: { comm_id: model, data: { method: "update", state: change, buffer_paths: [] } }
    }));
    return id;
  }
  function hear(message) {
    const kind = message.header.msg_type, content = message.content, parent = (message.parent_header || {}).msg_id || "";
    if (kind === "comm_msg") {
      const piece = pieces.find(function (p) { return p.kernel.content === content.comm_id; });
      const data = content.data || {};
      if (piece && data.method === "update" && data.state && "value" in data.state) { piece.kernel.html = data.state.value; }
    }
    if (!parent.startsWith(session)) { return; }
    if (kind === "error" || (kind === "stream" && content.name === "stderr")) { return fail(); }
    if (kind !== "status" || content.execution_state !== "idle") { return; }
    const piece = pieces.find(function (p) { return p.kernel.request && p.kernel.request.id === parent; });
    if (!piece) { return; }
    if (piece.kernel.html === undefined) { return fail(); }
    // messages come in order: what was told last is what this choice shows, also where it is the same as before
    piece.seen.set(piece.kernel.request.choices, piece.kernel.html);
    piece.kernel.request = null;
    clearTimeout(patience);
    patience = 0;
    settle();
  }

  // an address has chosen already
  const waiting = pieces.filter(waits);
  const place = location.hash.slice(1).split("?")[0];
  const inHand = waiting.find(function (piece) { return piece.section === place; }) || waiting[0];
  if (inHand) { touch(inHand.selects.find(function (s) { return s.selectedIndex !== own(s); })); }
})();
