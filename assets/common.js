/* What several of these scripts need. */
(function () {
  "use strict";

  /* A new element with a text and attributes. */
  function element(tag, text, attributes) {
    const made = document.createElement(tag);
    made.textContent = text || "";
    for (const name in attributes || {}) made.setAttribute(name, attributes[name]);
    return made;
  }

  /* What an event happened in, by a selector; null for another place (the document, say). */
  const near = (event, selector) => (event.target.closest ? event.target.closest(selector) : null);

  /* What the layout made for a chart: hidden from screen readers, which have its table. */
  const frameOf = (graph) => graph.closest('[aria-hidden="true"]') || graph.parentElement;

  /* Puts a note into the window: from `left` on, under `below` or, without room there, over `above`. */
  function floatAt(note, left, below, above) {
    const { width, height } = note.getBoundingClientRect();
    const fits = below + height < window.innerHeight;
    note.style.left = Math.max(8, Math.min(left, window.innerWidth - width - 8)) + "px";
    note.style.top = (fits ? below : Math.max(8, above - height)) + "px";
  }

  /* Lists of uploads that this browser keeps; one that keeps nothing knows them until the page is
     left. */
  const memory = new Map();
  function recall(key) {
    let found = memory.get(key);
    try { found = JSON.parse(localStorage.getItem(key) || "[]"); } catch { /* memory */ }
    return Array.isArray(found) ? found.filter((one) => /^[0-9a-f]{32}$/.test(one.id)) : [];
  }
  /* Whether they outlive the page. */
  function store(key, list) {
    memory.set(key, list);
    try { localStorage.setItem(key, JSON.stringify(list)); } catch { return false; }
    return true;
  }

  /* Copies a text; a browser that does not allow it shows the text in its button. */
  function copy(button, text, words) {
    const fail = () => { button.textContent = text; };
    if (!navigator.clipboard) { fail(); return; }
    navigator.clipboard.writeText(text).then(() => { button.textContent = words; }, fail);
  }

  /* A part of an address as its words, by `decode`; what is none ("100%") stays as it is. Anybody may
     have written it: no script decodes by itself. */
  function decoded(text, decode) {
    try {
      return (decode || decodeURIComponent)(text);
    } catch {
      return text;
    }
  }

  // Safari has no idle callbacks.
  const whenIdle = (act) =>
    (window.requestIdleCallback ? window.requestIdleCallback(act) : setTimeout(act, 300));

  const DWELL = 60;  // ms; a pointer that is on its way elsewhere asks for nothing

  /* Whether what a click would ask is asked while a pointer rests (components/rail.py); on pages
     without filters it is. */
  function asksAhead() {
    const rail = document.querySelector(".rail");
    return !rail || "ahead" in rail.dataset;
  }

  window.common = {
    asksAhead, copy, decoded, element, near, frameOf, floatAt, recall, store, whenIdle, DWELL
  };
})();
