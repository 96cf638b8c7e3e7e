/* Clicks inside the tables of adverse events reach the server through one store, so that rows can
   come and go without callbacks of their own. */
(function () {
  "use strict";
  let count = 0;

  document.addEventListener("click", function (event) {
    const clicked = event.target.closest("[data-safety]");
    if (!clicked || clicked.disabled) return;
    count += 1;
    window.dash_clientside.set_props("safety-action", {
      data: { kind: clicked.dataset.safety, value: clicked.dataset.value, count: count }
    });
  });
})();
