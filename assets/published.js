/* The card behind a published number: placed where it fits, one at a time, closed by Escape. */
(function () {
  "use strict";
  const { near } = window.common;
  const header = () => document.querySelector(".header").offsetHeight;

  function place(details) {
    const card = details.querySelector(".cite-card");
    const number = details.querySelector("summary").getBoundingClientRect();
    // Fixed, so that a scrolling table does not cut it off.
    card.style.position = "fixed";
    card.style.margin = "0";
    card.style.maxHeight = "none";
    const left = Math.min(Math.max(8, number.left), window.innerWidth - card.offsetWidth - 8);
    const below = window.innerHeight - number.bottom - 14;
    const above = number.top - header() - 14;
    const height = card.offsetHeight;
    // Under its number if there is room, else on the side that has more of it.
    const under = height <= below || below >= above;
    const shown = Math.min(height, under ? below : above);
    card.style.maxHeight = shown + "px";
    card.style.left = left + "px";
    card.style.top = (under ? number.bottom + 6 : number.top - 6 - shown) + "px";
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
    closeOthers(near(event, "details.cite"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.cite[open]");
    if (!open) return;
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  });
  window.addEventListener("scroll", function (event) {
    if (near(event, ".cite-card")) return;
    closeOthers(null);
  }, true);
  window.addEventListener("resize", function () { closeOthers(null); });
})();
