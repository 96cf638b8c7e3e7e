/* Figure downloads and "copy link". Images are drawn by Plotly in this browser. */
(function () {
  "use strict";
  const { near } = window.common;

  async function saveFigure(button) {
    const answer = await fetch(button.dataset.figure, { credentials: "same-origin" });
    const figure = await answer.json();
    if (!answer.ok) throw new Error(figure.error.message);
    const format = button.dataset.format;
    const url = await window.Plotly.toImage(figure, {
      format: format,
      width: figure.layout.width,
      height: figure.layout.height,
      scale: format === "png" ? 2 : 1
    });
    const link = document.createElement("a");
    link.href = url;
    link.download = button.dataset.name + "." + format;
    document.body.appendChild(link);
    link.click();
    link.remove();
  }

  function say(button, text) {
    const place = button.closest(".take-away-row").querySelector("[role=status]");
    place.textContent = text;
    window.setTimeout(function () { place.textContent = ""; }, 4000);
  }

  async function copyLink() {
    const text = window.location.href;
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    // Plain http on a hospital's network has no clipboard interface.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("Copy the link from the address bar.");
  }

  document.addEventListener("click", function (event) {
    const figure = near(event, "[data-figure]");
    const link = near(event, "[data-copy-link]");
    if (figure) {
      saveFigure(figure)
        .then(function () { say(figure, "Saved."); })
        .catch(function (problem) { say(figure, "Not saved: " + problem.message); });
    } else if (link) {
      copyLink()
        .then(function () { say(link, "Link copied."); })
        .catch(function (problem) { say(link, problem.message); });
    }
  });
})();
