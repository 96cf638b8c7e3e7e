/* Texts of a chart on a page that are written here: Plotly takes longer over texts than over all else, and
   writes each twice. They stand where Plotly has them in a file of the chart: the columns of a forest
   (`layout.meta.texts`, components/subgroups/texts.py) and the numbers under an axis (text traces that no
   axis cuts off, components/at_risk.py). */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const bridge = () => window.dashBridge;  // comes after this file
  const LINE = 1.3, MIDDLE = 0.35, POINT = 0.25;  // of the letters' size, as Plotly has it
  const ANCHORS = { left: "start", center: "middle", right: "end" };
  const PARTS = /<(\/?)(b|span|br)(?: style="([^"]*)")?>|&(lt|#\d+);/g;

  function make(tag, parent, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const name in attributes) made.setAttribute(name, attributes[name]);
    if (parent) parent.appendChild(made);
    return made;
  }

  /* What Plotly's texts are made of: {text, style} for each run, in lines. */
  function linesOf(text) {
    const lines = [[]];
    const styles = [];
    let at = 0;
    let said = "";
    function end() {
      if (said) lines[lines.length - 1].push({ text: said, style: styles.join(";") });
      said = "";
    }
    for (const found of text.matchAll(PARTS)) {
      said += text.slice(at, found.index);
      at = found.index + found[0].length;
      const [, closes, tag, style, entity] = found;
      if (entity) said += entity === "lt" ? "<" : String.fromCodePoint(entity.slice(1));
      else end();
      if (tag === "br") lines.push([]);
      else if (tag && closes) styles.pop();
      else if (tag) styles.push(tag === "b" ? "font-weight:bold" : style.replace(/color:/g, "fill:"));
    }
    said += text.slice(at);
    end();
    return lines;
  }

  /* --- what is written ---------------------------------------------------------------------- */

  /* A text at `x`, its middle at `y`, or with `below` its top so far below that; `middle` is how far its
     letters stand below their middle. */
  const words = (text, x, y, size, middle, below) => ({ text, x, y, size, middle, below });

  /* The columns of a forest. */
  function columns(graph, plot) {
    const texts = (graph.layout.meta && graph.layout.meta.texts) || [];
    return texts.map(([share, at, anchor, size, color, written]) => ({
      look: {
        transform: `translate(${plot.left + share * plot.width + at},${plot.top})`,
        "text-anchor": ANCHORS[anchor],
        style: `font-size:${size}px;fill:${color}`
      },
      texts: written.map(([y, text, below]) =>
        words(text, 0, y * plot.height / plot.range, size, MIDDLE, below))
    }));
  }

  const isHeld = (trace) => trace.mode === "text" && trace.cliponaxis === false;

  /* The numbers of traces, each at its point while the axes show that. */
  function numbers(graph) {
    return graph.data.filter(isHeld).map(function (trace) {
      const { left, top, points } = bridge().pointsOf(graph, trace);
      const { size, color } = trace.textfont;
      const look = {
        class: "textpoint",
        transform: `translate(${left},${top})`,
        "text-anchor": "middle",
        style: `font-size:${size}px;fill:${color}`
      };
      const texts = points.map((point, i) => point && words(trace.text[i], point[0], point[1], size, POINT));
      return { look, texts: texts.filter(Boolean) };
    });
  }

  /* --- writing ------------------------------------------------------------------------------ */

  function write({ text, x, y, size, middle, below }) {
    const lines = linesOf(text);
    const half = below === undefined ? 0 : below + LINE * size * lines.length / 2;
    const first = y + half + size * (middle - LINE * (lines.length - 1) / 2);
    const made = make("text", null, { x: x, y: first, style: "white-space:pre" });
    const styled = (run, parent) => (run.style ? make("tspan", parent, { style: run.style }) : parent);
    lines.forEach(function (runs, i) {
      const line = i ? make("tspan", made, { class: "line", x: x, y: first + i * LINE * size }) : made;
      runs.forEach((run) => styled(run, line).append(run.text));
    });
    return made;
  }

  const kept = new WeakMap();  // chart -> its groups as they stand

  const isThere = (a, b) => ["x", "y", "size", "below"].every((name) => a[name] === b[name]);

  const isPlain = ({ text }) => text && !/[<&]/.test(text);

  /* What says the same at the same place stays; a new element would have to be styled. */
  function fill(group, { look, texts }) {
    for (const name in look) {
      if (group.place.getAttribute(name) !== look[name]) group.place.setAttribute(name, look[name]);
    }
    texts.forEach(function (text, i) {
      const old = group.texts[i];
      const stays = old && isThere(old.text, text);
      if (stays && old.text.text === text.text) return;
      if (stays && isPlain(old.text) && isPlain(text)) {
        old.made.firstChild.data = text.text;
        old.text = text;
        return;
      }
      const made = write(text);
      if (old) old.made.replaceWith(made); else group.place.appendChild(made);
      group.texts[i] = { text, made };
    });
    group.texts.splice(texts.length).forEach((text) => text.made.remove());
  }

  function draw(graph) {
    const plot = bridge().plotOf(graph);
    if (!plot) return;
    const wanted = columns(graph, plot).concat(numbers(graph));
    let all = plot.layer.querySelector(":scope > .chart-text");
    const groups = (all && kept.get(graph)) || [];
    groups.splice(wanted.length).forEach((group) => group.place.remove());
    if (!wanted.length && !all) return;
    if (!all) all = make("g", null, { class: "chart-text" });
    all.style.fontFamily = plot.family;
    wanted.forEach(function (one, i) {
      if (!groups[i]) groups[i] = { place: make("g", all, {}), texts: [] };
      fill(groups[i], one);
    });
    kept.set(graph, groups);
    if (plot.layer.lastChild !== all) plot.layer.appendChild(all);
  }

  const followed = new WeakSet();

  /* Writes the texts of a chart that was drawn, and again whenever it is or an axis is dragged. */
  function follow(graph) {
    if (followed.has(graph) || !graph.on) return;
    followed.add(graph);
    for (const event of ["plotly_afterplot", "plotly_relayouting"]) graph.on(event, () => draw(graph));
    draw(graph);
  }

  /* The traces as Plotly gets them, without those that are written here. */
  const held = (data) => data.map((trace) => (isHeld(trace) ? Object.assign({}, trace, { visible: false }) : trace));

  window.chartText = { draw, follow, held };
})();
