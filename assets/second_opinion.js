/* The button "Second opinion": asks the server to recompute the view by other code, and puts the answer
   under the row of buttons. The next change of the page takes it away with that row. */
(function () {
  "use strict";
  const { near } = window.common;

  async function ask(button) {
    const place = button.closest(".take-away").querySelector(".second-opinion");
    button.setAttribute("aria-disabled", "true");
    place.textContent = "Recomputing by other programs. This takes a few seconds.";
    try {
      const answer = await fetch(button.dataset.secondOpinion, { credentials: "same-origin" });
      if (!answer.ok) {
        const { error } = await answer.json();
        throw new Error(error.message + " " + error.hint);
      }
      place.innerHTML = await answer.text();
      if (place.isConnected) {
        place.querySelector("h2").focus({ preventScroll: true });
        place.scrollIntoView({ block: "start" });
      }
    } catch (problem) {
      place.textContent = problem.message;
    }
    button.removeAttribute("aria-disabled");
  }

  document.addEventListener("click", function (event) {
    const button = near(event, "[data-second-opinion]");
    if (button && !button.hasAttribute("aria-disabled")) ask(button);
  });
})();
