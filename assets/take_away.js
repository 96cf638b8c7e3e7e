/* Figure downloads and "copy link". Images are drawn by Plotly in this browser, those of a report too
   (window.figures). */
(function () {
  "use strict";
  const { near } = window.common;
  const DOTS = 1e8;
  const TYPES = { svg: "image/svg+xml", png: "image/png" };

  /* The figure of an address ending in .figure.json; null where a page has none. */
  async function get(address, signal) {
    const answer = await fetch(address, { credentials: "same-origin", signal: signal });
    if (answer.status === 404) return null;
    const figure = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(figure.error.message), figure.error);
    return figure;
  }

  /* What tells a PNG's dots per inch: a chunk "pHYs" after its head, with its checksum. */
  function withDensity(bytes, dpi) {
    const chunk = new DataView(new ArrayBuffer(21));
    chunk.setUint32(0, 9);
    [0x70, 0x48, 0x59, 0x73].forEach((letter, i) => chunk.setUint8(4 + i, letter));
    chunk.setUint32(8, Math.round(dpi / 0.0254));
    chunk.setUint32(12, Math.round(dpi / 0.0254));
    chunk.setUint8(16, 1);
    let sum = 0xffffffff;
    for (let i = 4; i < 17; i += 1) {
      sum ^= chunk.getUint8(i);
      for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    chunk.setUint32(17, ~sum >>> 0);
    const head = 33;  // signature and first chunk
    return new Blob([bytes.slice(0, head), chunk, bytes.slice(head)], { type: TYPES.png });
  }

  /* A figure as a file of the format "svg" or "png", as large as it is in print where it says so; a
     PNG of at most so many dots, if `most` is given. */
  async function draw(figure, format, most) {
    const { width, height, meta } = figure.layout;
    const paper = meta && meta.width_mm ? meta : null;
    const asked = paper ? paper.width_mm / 25.4 * paper.dpi / width : 2;
    const scale = most ? Math.min(asked, Math.sqrt(most / (width * height))) : asked;
    const dots = scale * scale * width * height;
    if (format === "png" && dots > DOTS) {
      throw new Error(`a PNG of ${Math.round(dots / 1e6)} million dots is more than browsers draw`
        + ` (${DOTS / 1e6} million). Choose fewer dots per inch, or take SVG.`);
    }
    const content = await (await window.dashBridge.whenPlotly()).toImage(figure, {
      format: format, width: width, height: height, scale: format === "png" ? scale : 1, imageDataOnly: true
    });
    if (format === "png") {
      const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
      return paper ? withDensity(bytes, paper.dpi * scale / asked) : new Blob([bytes], { type: TYPES.png });
    }
    const sized = paper ? content.replace(/^<svg([^>]*?) width="[^"]*" height="[^"]*"/,
      `<svg$1 width="${paper.width_mm}mm" height="${paper.height_mm}mm"`) : content;
    return new Blob([sized], { type: TYPES.svg });
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
    if (navigator.clipboard && window.isSecureContext) {
      try {
        return await navigator.clipboard.writeText(text);
      } catch {
        // What the browser says of it is no reader's business: the other way is tried.
      }
    }
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
    const text = near(event, "[data-copy-text]");
    if (figure) {
      saveFigure(figure)
        .then(function () { say(figure, "Saved."); })
        .catch(function (problem) { say(figure, "Not saved: " + problem.message); });
    } else if (link) {
      copy(window.location.href)
        .then(function () { say(link, "Link copied."); })
        .catch(function (problem) { say(link, problem.message); });
    } else if (text) {
      copy(text.dataset.copyText)
        .then(function () { say(text, "Methods copied."); })
        .catch(function () { say(text, "Not copied: this browser does not allow it."); });
    }
  });

  window.figures = { get, draw, save, copy };
})();
