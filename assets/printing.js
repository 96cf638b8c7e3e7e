/* A page on paper: its address and day, charts as wide as the sheet, the sources of what is cited.
   All of it is put in place before printing and taken away after it. */
(function () {
  "use strict";
  // CSS pixels of A4 between the margins of print.css (186 mm), at its zoom of 0.72; Letter is wider.
  const SHEET = 976;
  const LOWER = 0.85;
  const GAP = 10;  // between the two columns of print.css
  let undo = [];

  const first = document.querySelector.bind(document);
  const text = (node) => node.textContent.replace(/\s+/g, " ").trim();

  function element(tag, name, words) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (words) made.textContent = words;
    return made;
  }

  function address() {
    // Who has the address of uploaded data has the data.
    if (first(".kind-uploaded")) return "Uploaded data: their address opens them and is not printed";
    return decodeURI(window.location.href);
  }

  function frame() {
    const day = new Date().toLocaleDateString("en-US", { year: "numeric", month: "long", day: "numeric" });
    const footer = first(".footer");
    const head = element("div", "print-head");
    head.append(element("b", "", "SMM Outcomes"), element("span", "", "Printed " + day),
      element("span", "print-address", address()), element("span", "print-not", footer ? text(footer) : ""));
    document.body.prepend(head);
    const title = first("main h1");
    const running = "SMM Outcomes" + (title ? ": " + text(title) : "");
    document.documentElement.style.setProperty("--print-running",
      JSON.stringify(running.length > 60 ? running.slice(0, 59) + "…" : running));
    undo.push(function () {
      head.remove();
      document.documentElement.style.removeProperty("--print-running");
    });
  }

  /* Every citation gets a number, and the sheet a list of them: on paper no card opens. */
  function sources() {
    const main = first("main");
    if (!main) return;
    const numbers = new Map();
    const differ = new Set();
    main.querySelectorAll(".cite").forEach(function (cite) {
      if (!cite.checkVisibility()) return;
      const card = cite.querySelector(".cite-card");
      const found = Array.from(card.querySelectorAll("li"), function (line) {
        const link = line.querySelector("a");
        const words = text(line) + (link ? " " + link.href : "");
        if (!numbers.has(words)) numbers.set(words, numbers.size + 1);
        return numbers.get(words);
      });
      card.querySelectorAll(".conflict").forEach((line) => differ.add(text(line)));
      const summary = cite.querySelector("summary");
      summary.dataset.printRef = " [" + found.join(", ") + "]";
      undo.push(function () { delete summary.dataset.printRef; });
    });
    if (!numbers.size) return;
    const place = element("section", "print-sources");
    const list = element("ol");
    numbers.forEach((number, words) => list.append(element("li", "", words)));
    place.append(element("h2", "", "Sources"), list);
    differ.forEach((words) => place.append(element("p", "", words)));
    main.append(place);
    undo.push(function () { place.remove(); });
  }

  function charts() {
    document.querySelectorAll("main .js-plotly-plot").forEach(function (graph) {
      if (!window.Plotly || !graph.layout || !graph.checkVisibility()) return;
      let width = SHEET;
      for (let box = graph.parentElement; box && !box.matches("main"); box = box.parentElement) {
        if (box.matches(".model-columns")) width = (width - GAP) / 2;
        const style = window.getComputedStyle(box);
        for (const side of ["Left", "Right"]) {
          width -= parseFloat(style["padding" + side]) + parseFloat(style["border" + side + "Width"]);
        }
      }
      // Rows of a forest are as high as their words; other charts give some of their height.
      const rows = graph.layout.meta && graph.layout.meta.edges;
      const place = graph.closest('[aria-hidden="true"]') || graph.parentElement;
      const before = place.style.height;
      const height = Math.round(graph.clientHeight * (rows ? 1 : LOWER));
      place.style.height = height + "px";
      window.Plotly.relayout(graph, { width: Math.floor(width), height: height });
      undo.unshift(function () {
        place.style.height = before;
        window.Plotly.relayout(graph, { autosize: true });
      });
      if (dark()) ink(graph);
    });
  }

  const dark = () => document.documentElement.dataset.mantineColorScheme === "dark";

  /* The same hue, as dark as it was light: what was drawn on black is read on paper. */
  function inverted(color) {
    const parts = (color.match(/[\d.]+/g) || []).map(Number);
    if (!color.startsWith("rgb") || parts.length < 3) return null;
    const [r, g, b, alpha] = parts;
    const shift = 255 - Math.max(r, g, b) - Math.min(r, g, b);
    return `rgba(${r + shift}, ${g + shift}, ${b + shift}, ${alpha === undefined ? 1 : alpha})`;
  }

  function ink(graph) {
    const drawn = Array.from(graph.querySelectorAll(".main-svg :is(path, text, tspan, rect, circle, line)"));
    const colors = drawn.map((part) => {
      const style = window.getComputedStyle(part);
      return [style.fill, style.stroke];
    });
    drawn.forEach(function (part, i) {
      const before = part.getAttribute("style");
      ["fill", "stroke"].forEach(function (name, k) {
        const color = inverted(colors[i][k]);
        if (color) part.style.setProperty(name, color);
      });
      undo.unshift(function () { part.setAttribute("style", before || ""); });
    });
  }

  window.addEventListener("beforeprint", function () { frame(); sources(); charts(); });
  window.addEventListener("afterprint", function () {
    undo.forEach((step) => step());
    undo = [];
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
