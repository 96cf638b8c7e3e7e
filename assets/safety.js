/* Clicks inside the tables of adverse events reach the server through one store, so that rows can
   come and go without callbacks of their own. */
(function () {
  "use strict";
  const { near } = window.common;
  let count = 0;

  document.addEventListener("click", function (event) {
    const clicked = near(event, "[data-safety]");
    if (!clicked || clicked.disabled) return;
    count += 1;
    const data = { kind: clicked.dataset.safety, value: clicked.dataset.value, count: count };
    window.questions.act(() => window.dashBridge.set("safety-action", { data: data }));
  });
})();
