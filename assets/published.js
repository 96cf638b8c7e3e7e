/* The card behind a published number: placed where it fits, one at a time, closed by Escape. */
(function () {
  "use strict";

  function place(details) {
    const card = details.querySelector(".cite-card");
    const number = details.querySelector("summary").getBoundingClientRect();
    // Fixed, so that a scrolling table does not cut it off.
    card.style.position = "fixed";
    const width = card.offsetWidth;
    const left = Math.min(Math.max(8, number.left), window.innerWidth - width - 8);
    const below = number.bottom + 4;
    const above = number.top - card.offsetHeight - 10;
    const fits = below + card.offsetHeight < window.innerHeight - 8;
    card.style.left = left + "px";
    card.style.top = (fits || above < 60 ? below : above) + "px";
  }

  function closeOthers(kept) {
    document.querySelectorAll("details.cite[open]").forEach(function (details) {
      if (details !== kept) details.removeAttribute("open");
    });
  }

  document.addEventListener("toggle", function (event) {
    const details = event.target;
    if (!details.classList || !details.classList.contains("cite") || !details.open) return;
    closeOthers(details);
    place(details);
  }, true);
  document.addEventListener("click", function (event) {
    closeOthers(event.target.closest("details.cite"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.cite[open]");
    if (!open) return;
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  });
  window.addEventListener("scroll", function (event) {
    if (event.target.closest && event.target.closest(".cite-card")) return;
    closeOthers(null);
  }, true);
  window.addEventListener("resize", function () { closeOthers(null); });
})();
