/* The texts of a forest (`layout.meta.texts`, components/subgroups/texts.py), where a file of it has the
   labels of an axis for each column: Plotly takes longer over these than over all else. */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const bridge = () => window.dashBridge;  // comes after this file
  const LINE = 1.3, MIDDLE = 0.35;  // of the letters' size, as Plotly has it
  const ANCHORS = { left: "start", center: "middle", right: "end" };
  const PARTS = /<(\/?)(b|span|br)(?: style="([^"]*)")?>|&(lt|#\d+);/g;

  function make(tag, parent, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const name in attributes) made.setAttribute(name, attributes[name]);
    parent.appendChild(made);
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

  /* A text whose middle is at `y`, or with `below` its top so far below that. */
  function write(group, size, y, text, below) {
    const lines = linesOf(text);
    const half = below === undefined ? 0 : below + LINE * size * lines.length / 2;
    const first = y + half + size * (MIDDLE - LINE * (lines.length - 1) / 2);
    const place = make("text", group, { y: first, style: "white-space:pre" });
    const styled = (run, parent) => (run.style ? make("tspan", parent, { style: run.style }) : parent);
    lines.forEach(function (runs, i) {
      const line = i ? make("tspan", place, { class: "line", x: 0, y: first + i * LINE * size }) : place;
      runs.forEach((run) => styled(run, line).append(run.text));
    });
  }

  function draw(graph) {
    const plot = bridge().plotOf(graph);
    if (!plot) return;
    graph.querySelectorAll(".forest-text").forEach((old) => old.remove());
    const texts = graph.layout.meta && graph.layout.meta.texts;
    if (!texts) return;
    const all = document.createElementNS(SVG, "g");
    all.setAttribute("class", "forest-text");
    for (const [share, at, anchor, size, color, written] of texts) {
      const group = make("g", all, {
        transform: `translate(${plot.left + share * plot.width + at},${plot.top})`,
        "text-anchor": ANCHORS[anchor],
        style: `font-size:${size}px;fill:${color}`
      });
      for (const [y, ...text] of written) write(group, size, y * plot.height / plot.range, ...text);
    }
    plot.layer.appendChild(all);
  }

  const followed = new WeakSet();

  /* Writes the texts of a chart that was drawn, and again whenever it is. */
  function follow(graph) {
    if (followed.has(graph) || !graph.on) return;
    followed.add(graph);
    graph.on("plotly_afterplot", () => draw(graph));
    draw(graph);
  }

  window.forestText = { follow: follow };
})();
