/* Puts the parts of a page that come as HTML text in place (components/island.py). */
(function () {
  "use strict";
  const { near } = window.common;
  const filled = new WeakMap();  // element -> the HTML it holds
  const wanted = new WeakMap();  // element -> the HTML it is to hold
  const LONG = 100000;  // letters of HTML that take longer to read again than nodes to keep
  const before = new WeakMap();  // element -> {text, part}: what it held last, if that was long

  /* What stood in a place just before, if its HTML says the same, closed as it came. */
  function again(place, text) {
    const last = before.get(place);
    if (!last || last.text !== text) return null;
    last.part.querySelectorAll("details[open]:not([data-key])").forEach((details) => { details.open = false; });
    return [last.part];
  }

  function leave(place) {
    const text = filled.get(place);
    before.delete(place);
    if (!text || text.length < LONG) return;
    const part = document.createDocumentFragment();
    part.append(...place.childNodes);
    before.set(place, { text, part });
  }

  function fillPlace(place, id, text) {
    if (filled.get(place) === text) return;
    // What the reader had opened stays open.
    const parts = () => Array.from(place.querySelectorAll("details[data-key]"));
    const open = new Map(parts().map((details) => [details.dataset.key, details.open]));
    const stood = again(place, text);
    const ready = stood || window.firstWords.take(id, text);
    leave(place);
    if (ready) place.replaceChildren(...ready);
    else place.innerHTML = text;
    for (const details of parts()) {
      const was = open.get(details.dataset.key);
      if (was || (stood && was === false)) details.open = was;
    }
    filled.set(place, text);
  }

  /* Fills the places of these texts but for those that can wait. */
  function fill(html, later) {
    for (const [id, text] of Object.entries(html)) {
      const place = document.getElementById(id);
      if (!place) continue;
      wanted.set(place, text);
      if (!later.has(place)) fillPlace(place, id, text);
    }
  }

  /* The places of these parts that begin so many pixels below the window. */
  function below(data, pixels) {
    const places = Object.keys(data.html || {}).map((id) => document.getElementById(id));
    return places.filter((place) =>
      place && place.getBoundingClientRect().top > window.innerHeight + pixels);
  }

  /* Fills what waited, each with what it was last meant to hold. */
  function finish(places) {
    for (const place of places) if (place.isConnected) fillPlace(place, place.id, wanted.get(place));
  }

  /* Whether the places of these parts are on the page and hold something. */
  function stands(data) {
    return data && data.html && Object.keys(data.html).every(function (id) {
      return filled.has(document.getElementById(id) || {});
    });
  }

  function carry(query) {
    document.querySelectorAll("#tabs a[data-internal]").forEach(function (link) {
      link.setAttribute("href", link.pathname + query);
    });
  }

  /* A page is shown when its first words stand in it: what is filled later would push it down. */
  function shown(ids) {
    for (const id of ids) {
      const place = document.getElementById(id);
      const whole = place && place.closest("main, .rail");
      if (!whole) continue;
      whole.querySelectorAll("[data-island]").forEach((part) => { part.dataset.island = "filled"; });
    }
  }

  /* Gives charts and cards the room they will take. */
  function makeRoom(data) {
    for (const [id, pixels] of Object.entries(data.heights || {})) {
      const place = document.getElementById(id);
      if (place) place.style.height = pixels + "px";
    }
    for (const [id, hidden] of Object.entries(data.hidden || {})) {
      const place = document.getElementById(id);
      if (place) place.classList.toggle("hidden", hidden);
    }
  }

  /* Puts the parts of an answer in place; those of `later` have `finish` do it. */
  function put(data, later) {
    if (!data) return;
    if (Array.isArray(data)) return data.forEach((part) => put(part, later));
    fill(data.html || {}, later || new Set());
    shown(Object.keys(data.html || {}));
    makeRoom(data);
    if (data.unit) {
      document.querySelectorAll(".unit-word").forEach((word) => { word.textContent = data.unit; });
    }
    if (typeof data.query !== "string") return;
    carry(data.query);
    document.dispatchEvent(new CustomEvent("rail", { detail: data }));  // assets/rail.js
  }

  window.island = { put, makeRoom, below, finish };
  window.dashBridge.provide("island", {
    put: function (data) {
      if (!stands(data) || !window.answers.isShown(data)) put(data);
      return window.dashBridge.unchanged();
    }
  });

  let leaving = null;  // the link that was clicked last

  // A link to another page of this site opens without loading everything again.
  document.addEventListener("click", function (event) {
    const link = near(event, "#page a[data-internal]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    leaving = link;
    const open = function () {
      if (leaving !== link) return;
      window.dashBridge.open(link.getAttribute("href"));
      window.scrollTo(0, 0);
    };
    // The study's other pages show what was just chosen here: the answer says how their addresses say it.
    if (!link.closest("#tabs") || window.questions.resting()) open();
    else window.questions.rested().then(open);
  });
})();
