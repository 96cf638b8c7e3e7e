/* Sections that are folded on narrow screens and open on wide ones (details.fold); those marked
   "kept" are folded on both. */
(function () {
  "use strict";
  const { decoded, near } = window.common;
  let asked = window.location.hash;  // what the address points at may not be there yet
  const narrow = window.matchMedia("(max-width: 700px)");

  function open(selector) {
    document.querySelectorAll(selector).forEach(function (details) {
      details.dataset.shown = "yes";
      details.open = true;
    });
  }

  // Once each, before the browser paints what was put in place: nothing jumps, and a section that
  // the reader folds stays folded.
  function openNew() { if (!narrow.matches) open("details.fold:not(.kept):not([data-shown])"); }
  new MutationObserver(function () {
    openNew();
    if (asked && reveal(asked)) asked = "";
  }).observe(document.documentElement, { childList: true, subtree: true });
  narrow.addEventListener("change", openNew);
  window.addEventListener("beforeprint", function () { open("details.fold:not([open])"); });

  function find(hash) {
    return hash.length > 1 ? document.getElementById(decoded(hash.slice(1))) : null;
  }

  function unfold(target) {
    const details = target && target.querySelector(":scope > details.fold");
    if (details) details.open = true;
  }

  function reveal(hash) {
    const target = find(hash);
    unfold(target);
    if (target) target.scrollIntoView();
    return Boolean(target);
  }

  document.addEventListener("click", function (event) {
    const link = near(event, "a[href^='#']");
    if (link) unfold(find(link.getAttribute("href")));
    if (near(event, "[data-open-all]")) open("details.fold:not([open])");
  }, true);
})();
