/* The words that came with the page stand until the page itself does (components/first_words.py). */
(function () {
  "use strict";

  const READY = "#page main:not(:has([data-island='empty']))";

  function begin() {
    const words = document.getElementById("first-words");
    if (words) window.dashBridge.whenDrawn(READY, () => words.remove());
  }

  /* The nodes of a part that came with the page, if they are what its HTML says; taken once. */
  function take(id, html) {
    const place = document.querySelector(`#first-words [data-part="${id} ${sum(html)}"]`);
    if (!place) return null;
    place.removeAttribute("data-part");
    return Array.from(place.childNodes);
  }

  /* Adler-32, as Python's zlib has it. */
  function sum(text) {
    let low = 1;
    let high = 0;
    for (const byte of new TextEncoder().encode(text)) {
      low = (low + byte) % 65521;
      high = (high + low) % 65521;
    }
    return high * 65536 + low;
  }

  window.firstWords = { take: take };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
