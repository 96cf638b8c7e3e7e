/* Explanations on hover, focus and touch: one floating note for every [data-tip]. */
(function () {
  "use strict";
  const { near, floatAt } = window.common;
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
    floatAt(note, at.left, at.bottom + 6, at.top - 6);
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
