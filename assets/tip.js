/* Explanations on hover, focus and touch: one floating note for every [data-tip]. */
(function () {
  "use strict";
  const { near } = window.common;
  let note = null;

  function hide() {
    if (note) note.remove();
    note = null;
  }

  function show(target) {
    hide();
    note = document.createElement("div");
    note.className = "tip";
    note.textContent = target.dataset.tip;  // text, never HTML
    note.setAttribute("aria-hidden", "true");  // the target's own label says the same
    document.body.appendChild(note);
    const at = target.getBoundingClientRect();
    const size = note.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left), window.innerWidth - size.width - 8);
    const below = at.bottom + 6 + size.height < window.innerHeight;
    note.style.left = Math.max(8, left) + "px";
    note.style.top = (below ? at.bottom + 6 : Math.max(8, at.top - size.height - 6)) + "px";
  }

  const tipped = (event) => near(event, "[data-tip]");
  document.addEventListener("mouseover", function (event) {
    const target = tipped(event);
    if (target) show(target); else hide();
  });
  document.addEventListener("focusin", function (event) {
    const target = tipped(event);
    if (target) show(target); else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("click", function (event) {
    const target = tipped(event);
    if (target) show(target); else hide();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") hide();
  });
  window.addEventListener("scroll", hide, true);
})();
