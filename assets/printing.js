/* A page on paper: its address and day, charts as wide as the sheet, the sources of what is cited.
   All of it is put in place before printing and taken away after it. */
(function () {
  "use strict";
  const bridge = window.dashBridge;
  const { decoded, element, frameOf, near } = window.common;
  // CSS pixels of A4 between the margins of print.css (186 mm), at its zoom of 0.72; Letter is wider.
  const SHEET = 976;
  const LOWER = 0.85;
  // As high as a Letter sheet between its margins; A4 is higher. Less of a chart is not read.
  const HIGH = 1335;
  const PAGE = 703;  // what rules for a width are asked on paper: A4 without its margins
  const LEAST = { rows: 0.67, chart: 0.6 };
  const GAP = 10;  // between the two columns of print.css
  let undo = [];

  const first = document.querySelector.bind(document);
  const text = (node) => node.textContent.replace(/\s+/g, " ").trim();

  function address() {
    // Who has the address of uploaded data has the data.
    if (first(".kind-uploaded")) return "Uploaded data: the link gives access to them, so it is not printed";
    // A report's holds all its items, studies that were uploaded among them.
    return decoded(window.location.pathname === window.site.at("/report")
      ? window.location.origin + window.site.at("/report") : window.location.href, decodeURI);
  }

  function frame() {
    const day = new Date().toLocaleDateString("en-US", { year: "numeric", month: "long", day: "numeric" });
    const head = element("div", "", { class: "print-head" });
    head.append(element("b", "SMM Outcomes"), element("span", "Printed " + day),
      element("span", address(), { class: "print-address" }));
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
      card.querySelectorAll(".conflict strong").forEach(function (line) {
        differ.add(text(line).replace(/^Sources differ: /, "").replace(/\.$/, ""));
      });
      const summary = cite.querySelector("summary");
      summary.dataset.printRef = " [" + found.join(", ") + "]";
      undo.push(function () { delete summary.dataset.printRef; });
    });
    if (!numbers.size) return;
    const place = element("section", "", { class: "print-sources" });
    const list = element("ol");
    numbers.forEach((number, words) => list.append(element("li", words)));
    place.append(element("h2", "Sources"), list);
    if (differ.size) {
      place.append(element("p", "Sources differ on: " + Array.from(differ).join("; ")
        + ". The notes beside the numbers on the page state which source is used, and why."));
    }
    main.append(place);
    undo.push(function () { place.remove(); });
  }

  /* Whether a rule for some media holds on paper; null if its query does not ask. */
  function onPaper(query) {
    if (!/print|screen|width/.test(query)) return null;
    return query.split(",").some(function (one) {
      const most = one.match(/max-width: *([\d.]+)px/), least = one.match(/min-width: *([\d.]+)px/);
      return !/screen/.test(one) && (!most || PAGE <= most[1]) && (!least || PAGE >= least[1]);
    });
  }

  /* How high the page is under the rules for paper, in their pixels: nothing of it is seen. */
  function height() {
    const changed = [];
    for (const sheet of document.styleSheets) {
      if (sheet.href && !sheet.href.startsWith(window.location.origin)) continue;
      for (const rule of sheet.cssRules) {
        const paper = rule instanceof CSSMediaRule ? onPaper(rule.media.mediaText) : null;
        if (paper === null) continue;
        changed.push([rule, rule.media.mediaText]);
        rule.media.mediaText = paper ? "all" : "not all";
      }
    }
    const body = document.body;
    body.style.width = SHEET + "px";
    const box = body.getBoundingClientRect();
    body.style.width = "";
    changed.forEach(([rule, query]) => { rule.media.mediaText = query; });
    return box.height / box.width * SHEET;
  }

  const lowered = (graph, part) => Math.round(graph.clientHeight * part);
  const isRows = (graph) => Boolean(window.chartText.metaOf(graph).edges);

  /* What the charts may keep of their height so that the page takes one sheet, if it can. */
  function parts(graphs) {
    const usual = graphs.map((graph) => (isRows(graph) ? 1 : LOWER));
    const least = graphs.map((graph) => (isRows(graph) ? LEAST.rows : LEAST.chart));
    function tall(shares) {
      const before = graphs.map((graph) => frameOf(graph).style.height);
      graphs.forEach((graph, i) => { frameOf(graph).style.height = lowered(graph, shares[i]) + "px"; });
      const found = height();
      graphs.forEach((graph, i) => { frameOf(graph).style.height = before[i]; });
      return found;
    }
    const high = tall(usual);
    if (high <= HIGH || !graphs.length) return usual;
    const low = tall(least);
    if (low > HIGH) return usual;
    const share = (HIGH - low) / (high - low);
    return usual.map((part, i) => least[i] + (part - least[i]) * share);
  }

  function charts() {
    const graphs = bridge.graphsIn(first("main")).filter((graph) => graph.checkVisibility());
    const kept = parts(graphs);
    graphs.forEach(function (graph, number) {
      let width = SHEET;
      for (let box = graph.parentElement; box && !box.matches("main"); box = box.parentElement) {
        if (box.matches(".model-columns")) width = (width - GAP) / 2;
        const style = window.getComputedStyle(box);
        for (const side of ["Left", "Right"]) {
          width -= parseFloat(style["padding" + side]) + parseFloat(style["border" + side + "Width"]);
        }
      }
      const place = frameOf(graph);
      const before = place.style.height;
      const high = lowered(graph, kept[number]);
      place.style.height = high + "px";
      window.Plotly.relayout(graph, { width: Math.floor(width), height: high });
      window.chartText.draw(graph);  // Plotly says later that it has drawn
      undo.unshift(function () {
        place.style.height = before;
        window.Plotly.relayout(graph, { autosize: true });
      });
      if (dark()) ink(graph);
    });
  }

  const dark = () => document.documentElement.dataset.scheme === "dark";

  /* The same hue, as dark as it was light: what was drawn on black is read on paper. */
  function inverted(color) {
    const channels = (color.match(/[\d.]+/g) || []).map(Number);
    if (!color.startsWith("rgb") || channels.length < 3) return null;
    const [r, g, b, alpha] = channels;
    const shift = 255 - Math.max(r, g, b) - Math.min(r, g, b);
    return `rgba(${r + shift}, ${g + shift}, ${b + shift}, ${alpha === undefined ? 1 : alpha})`;
  }

  function ink(graph) {
    const drawn = bridge.inksOf(graph);
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
    if (near(event, "[data-print]")) window.print();
  });
})();
