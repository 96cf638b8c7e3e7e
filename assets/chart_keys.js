/* What a chart shows where it is pointed at, by the keyboard too: arrows go from point to point
   (of curves: from time to time; of a forest: from row to row), and what is shown is read out. */
(function () {
  "use strict";
  const bridge = () => window.dashBridge;  // comes after this file
  const PAGE = 10;
  const at = new Map();
  let coming = 0;  // what is about to be shown: the newest alone, and nothing once the chart is left

  const plotOf = (keys) => bridge().graphIn(document.getElementById(keys.dataset.keys));
  const rowsOf = (plot) => window.chartText.metaOf(plot).rows;
  const told = (trace) => trace.visible === true && trace.hoverinfo !== "skip" && trace.x && trace.y;

  /* Places in reading order. A time axis has one for each time; else each point has its own. */
  function stops(plot) {
    const rows = rowsOf(plot);
    if (rows) return rows.map((row) => ({ row: row }));
    const traces = bridge().tracesOf(plot).filter(told);
    if (bridge().isReadAcross(plot)) {
      const times = new Set(traces.flatMap((trace) => Array.from(trace.x)));
      return Array.from(times).filter(Number.isFinite).sort((a, b) => a - b).map((x) => ({ xval: x }));
    }
    const points = traces.flatMap((trace) => Array.from(trace.y, (y, number) => ({
      curveNumber: trace.index, pointNumber: number, x: trace.x[number], y: y, area: trace.xaxis + trace.yaxis
    })));
    const there = points.filter((point) => point.x !== null && point.y !== null);
    const along = (a, b) => a.curveNumber - b.curveNumber || a.x - b.x;
    // Rows are read from the top; lines and points of numbers one after the other.
    if (!bridge().hasRows(plot)) return there.sort(along);
    const depth = (point) => bridge().depthOf(plot, point.y);
    return there.sort((a, b) => depth(a) - depth(b) || along(a, b));
  }

  function leave(plot) {
    clearTimeout(coming);
    if (!plot) return;
    bridge().stopPointing(plot);
    document.dispatchEvent(new CustomEvent("chart-key", { detail: { plot: plot, action: "leave" } }));
  }

  function show(keys, plot, stop, index) {
    clearTimeout(coming);
    const say = keys.querySelector("[role=status]");
    if (stop.row) {
      say.textContent = stop.row[1];
      document.dispatchEvent(new CustomEvent("chart-key", { detail: { plot: plot, action: "show", index: index } }));
      return;
    }
    plot.scrollIntoView({ block: "nearest" });
    // Scrolling takes what is pointed at away: afterward, and Plotly draws with a delay.
    coming = setTimeout(function () {
      if (document.activeElement !== keys) return;
      if (stop.xval === undefined) window.Plotly.Fx.hover(plot, [stop], stop.area);
      else window.Plotly.Fx.hover(plot, { xval: stop.xval });
      coming = setTimeout(function () { say.textContent = bridge().noteOf(plot).join("; "); }, 80);
    }, 120);
  }

  document.addEventListener("keydown", function (event) {
    const keys = window.common.near(event, "[data-keys]");
    const plot = keys && plotOf(keys);
    if (!plot) return;
    const places = stops(plot);
    const last = places.length - 1;
    const now = at.has(keys.id) ? Math.min(at.get(keys.id), last) : -1;
    const to = {
      ArrowDown: now + 1, ArrowRight: now + 1, ArrowUp: now - 1, ArrowLeft: now - 1,
      PageDown: now + PAGE, PageUp: now - PAGE, Home: 0, End: last
    }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      const next = Math.max(0, Math.min(to, last));
      at.set(keys.id, next);
      show(keys, plot, places[next], next);
    } else if ((event.key === "Enter" || event.key === " ") && now >= 0 && places[now].row) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("chart-key", { detail: { plot: plot, action: "open", index: now } }));
    } else if (event.key === "Escape") {
      leave(plot);
    }
  });
  document.addEventListener("focusout", function (event) {
    if (event.target.matches && event.target.matches("[data-keys]")) leave(plotOf(event.target));
  });
})();
