/* Sections that are folded on narrow screens and open on wide ones (details.fold; opened by
   assets/head/screen.js); those marked "kept" are folded on both. */
(function () {
  "use strict";
  const { decoded, near } = window.common;
  let asked = window.location.hash;  // what the address points at may not be there yet

  function open(selector) {
    document.querySelectorAll(selector).forEach(function (details) {
      details.dataset.shown = "yes";
      details.open = true;
    });
  }

  new MutationObserver(function () {
    if (asked && reveal(asked)) asked = "";
  }).observe(document.documentElement, { childList: true, subtree: true });
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
