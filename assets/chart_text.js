/* Texts and rules of a chart on a page that are drawn here: Plotly takes longer over texts than over all else,
   and writes each twice. They stand where Plotly has them in a file of the chart: the columns of a forest
   (`layout.meta.texts`, components/subgroups/texts.py), the numbers under an axis (text traces that no
   axis cuts off, components/at_risk.py) and annotations that are words alone. */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const bridge = () => window.dashBridge;  // comes after this file
  const LINE = 1.3, MIDDLE = 0.35, POINT = 0.25;  // of the letters' size, as Plotly has it
  const BESIDE = { left: 2, center: 0, right: -2 }, ABOVE = 1;  // pixels that Plotly leaves around a text
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

  /* --- what a figure says beside its chart ---------------------------------------------------- */

  const KEPT = "kept";  // what Plotly gets of it: it would compare and copy all of it at every drawing
  const metas = new WeakMap();  // chart -> its layout's `meta`

  /* What the layout of a chart says for scripts; {} of one that says nothing. */
  const metaOf = (graph) => metas.get(graph) || {};

  /* --- what is written ---------------------------------------------------------------------- */

  /* A text at `x`, its middle at `y`, or with `below` its top so far below that (its end above it, if that is
     negative); `middle` is how far its letters stand below their middle. */
  const words = (text, x, y, size, middle, below) => ({ text, x, y, size, middle, below });

  /* The columns of a forest. */
  function columns(graph, plot) {
    return (metaOf(graph).texts || []).map(([share, at, anchor, size, color, written]) => ({
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
    const placed = (trace, letter) =>
      trace[letter].map((value) => bridge().placeOf(graph, letter, trace[letter + "axis"], value, true));
    return graph.data.filter(isHeld).map(function (trace) {
      const { size, color } = trace.textfont;
      const look = {
        class: "textpoint",
        "text-anchor": "middle",
        style: `font-size:${size}px;fill:${color}`
      };
      const [x, y] = [placed(trace, "x"), placed(trace, "y")];
      const texts = x.map((at, i) =>
        at !== null && y[i] !== null && words(trace.text[i], at, y[i], size, POINT));
      return { look, texts: texts.filter(Boolean) };
    });
  }

  /* --- annotations -------------------------------------------------------------------------- */

  const OF_WORDS = ["align", "font", "showarrow", "text", "x", "xanchor", "xref", "xshift", "y", "yanchor", "yref", "yshift"];

  /* The side of an annotation that stands at its place; Plotly chooses by where in the plot that is. */
  function anchorOf(note, letter, [low, middle, high]) {
    const asked = note[letter + "anchor"];
    if (asked && asked !== "auto") return asked;
    const on = note[letter + "ref"] || letter;
    const share = on === "paper" || on.endsWith(" domain") ? note[letter] : 0.5;
    return share < 1 / 3 ? low : share > 2 / 3 ? high : middle;
  }
  const acrossOf = (note) => anchorOf(note, "x", ["left", "center", "right"]);
  const downOf = (note) => anchorOf(note, "y", ["bottom", "middle", "top"]);

  /* Whether an annotation is words that can be written here; Plotly makes an axis without a range long
     enough for its annotations. */
  function isWords(note, layout) {
    if (note.showarrow !== false || Object.keys(note).some((name) => !OF_WORDS.includes(name))) return false;
    if (/<\/?[a-z]|&#?\w+;/i.test(note.text.replace(PARTS, ""))) return false;
    if (note.text.includes("<br>") && acrossOf(note) !== (note.align || "center")) return false;
    return ["x", "y"].every(function (letter) {
      const on = note[letter + "ref"] || letter;
      const axis = layout[`${letter}axis${on.slice(1)}`];
      return on === "paper" || on.endsWith(" domain") || Boolean(axis && axis.range);
    });
  }

  const isOurs = (note) => note.visible === false;  // as `held` has it

  function notes(graph) {
    const { annotations, font } = graph.layout;
    return (annotations || []).filter(isOurs).map(function (note) {
      const [x, y] = ["x", "y"].map((letter) =>
        bridge().placeOf(graph, letter, note[letter + "ref"], note[letter]));
      const { size, color } = Object.assign({}, font, note.font);
      const across = acrossOf(note);
      const look = {
        "text-anchor": ANCHORS[across],
        style: `font-size:${size}px;fill:${color || font.color}`
      };
      if (x === null || y === null) return { look, texts: [] };
      const at = x + (note.xshift || 0) + BESIDE[across];
      const below = { top: ABOVE, bottom: -ABOVE }[downOf(note)];
      return { look, texts: [words(note.text, at, y - (note.yshift || 0), size, MIDDLE, below)] };
    });
  }

  /* --- writing ------------------------------------------------------------------------------ */

  function write({ text, x, y, size, middle, below }) {
    const lines = linesOf(text);
    const half = below === undefined ? 0 : below + Math.sign(below) * LINE * size * lines.length / 2;
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
    drawRules(graph, plot);
    const wanted = columns(graph, plot).concat(numbers(graph), notes(graph));
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

  /* The rules between a forest's rows, from edge to edge and under all that Plotly draws. */
  function drawRules(graph, plot) {
    const wanted = metaOf(graph).rules || [];
    let all = plot.layer.querySelector(":scope > .chart-rules");
    if (!all) {
      if (!wanted.length) return;
      all = make("g", null, { class: "chart-rules" });
      plot.layer.insertBefore(all, plot.layer.querySelector(":scope > .layer-below"));
    }
    const across = "h" + plot.layer.getAttribute("width");
    wanted.forEach(function ([color, ys], i) {
      const line = all.children[i] || make("path", all, { fill: "none" });
      const places = ys.map((y) => "M0," + (plot.top + y * plot.height / plot.range) + across);
      line.setAttribute("d", places.join(""));
      line.setAttribute("stroke", color);  // no style: a sheet of paper has its own (assets/printing.js)
    });
    Array.from(all.children).slice(wanted.length).forEach((line) => line.remove());
  }

  const followed = new WeakSet();

  /* Writes the texts of a chart that was drawn, and again whenever it is or an axis is dragged. */
  function follow(graph) {
    if (followed.has(graph) || !graph.on) return;
    followed.add(graph);
    for (const event of ["plotly_afterplot", "plotly_relayouting"]) graph.on(event, () => draw(graph));
    draw(graph);
  }

  /* A figure's traces and layout as Plotly gets them, without what is written here. */
  function held(graph, { data, layout }) {
    const hide = (part, ours) => (ours ? Object.assign({}, part, { visible: false }) : part);
    const { annotations, meta } = layout || {};
    if (meta !== KEPT) metas.set(graph, meta);
    return {
      data: (data || []).map((trace) => hide(trace, isHeld(trace))),
      layout: Object.assign({}, layout, meta && { meta: KEPT }, annotations && {
        annotations: annotations.map((note) => hide(note, isWords(note, layout)))
      })
    };
  }

  window.chartText = { draw, follow, held, metaOf };
})();
