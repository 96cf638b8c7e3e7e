/* Figure downloads and "copy link". Images are drawn by Plotly in this browser, those of a report too
   (window.figures). */
(function () {
  "use strict";
  const { near } = window.common;
  const TYPES = { svg: "image/svg+xml", png: "image/png" };

  /* The figure of an address ending in .figure.json; null where a page has none. */
  async function get(address, signal) {
    const answer = await fetch(address, { credentials: "same-origin", signal: signal });
    if (answer.status === 404) return null;
    const figure = await answer.json();
    if (!answer.ok) throw new Error(figure.error.message);
    return figure;
  }

  /* A figure as a file of the format "svg" or "png". */
  async function draw(figure, format) {
    const content = await (await window.dashBridge.whenPlotly()).toImage(figure, {
      format: format,
      width: figure.layout.width,
      height: figure.layout.height,
      scale: format === "png" ? 2 : 1,
      imageDataOnly: true
    });
    const bytes = format === "png" ? Uint8Array.from(atob(content), (c) => c.charCodeAt(0)) : content;
    return new Blob([bytes], { type: TYPES[format] });
  }

  function save(file, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  async function saveFigure(button) {
    const { figure: address, format, name } = button.dataset;
    const figure = await get(address);
    if (!figure) throw new Error("there is no figure");
    save(await draw(figure, format), name + "." + format);
  }

  function say(button, text) {
    const place = button.closest(".take-away-row").querySelector("[role=status]");
    place.textContent = text;
    window.setTimeout(function () { place.textContent = ""; }, 4000);
  }

  async function copy(text) {
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
      copy(window.location.href)
        .then(function () { say(link, "Link copied."); })
        .catch(function (problem) { say(link, problem.message); });
    }
  });

  window.figures = { get, draw, save, copy };
})();
