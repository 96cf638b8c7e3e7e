/* A toggle keeps the reader's zoom. Plotly promises that for figures of one "uirevision", but
   dcc.Graph (Dash 4.4) writes each zoom back into its own figure, and Plotly then takes it for
   ours: the next figure would end it. So the zoom is remembered here and put into what follows.
   A double click ends it: Plotly's own would go back to the first figure's range, months in a
   chart that has become one of years. */
(function () {
  "use strict";
  const bridge = window.dashBridge;
  const kept = new WeakMap();  // graph -> {revision, home, zoom}: axis -> range
  const newest = new WeakMap();  // graph -> text of the figure whose drawing began last
  const AXIS = /^[xy]axis\d*$/;

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function ranges(layout) {
    const found = {};
    for (const name of Object.keys(layout)) {
      if (AXIS.test(name) && layout[name] && layout[name].range) {
        found[name] = Array.from(layout[name].range);
      }
    }
    return found;
  }

  /* The layout that is drawn instead of the one given. */
  function withZoom(graph, layout) {
    if (!layout) return layout;
    const given = ranges(layout);
    const known = kept.get(graph);
    const zoomed = known ? Object.entries(known.zoom) : [];
    if (zoomed.length && zoomed.every(([name, zoom]) => same(given[name], zoom))) {
      return layout;  // what dcc.Graph wrote back
    }
    if (!known || !layout.uirevision || known.revision !== layout.uirevision) {
      kept.set(graph, { revision: layout.uirevision, home: given, zoom: {} });
      return layout;
    }
    const changed = Object.assign({}, layout);
    for (const [name, zoom] of zoomed) {
      if (!given[name]) continue;
      known.home[name] = given[name];
      changed[name] = Object.assign({}, layout[name], { range: zoom.slice(), autorange: false });
    }
    for (const [name, range] of Object.entries(given)) {
      if (!known.zoom[name]) known.home[name] = range;
    }
    return changed;
  }

  /* A finger scrolls the page, on a chart too: Plotly would cut the axes with it. A tap still reads
     the values, two fingers enlarge the page. */
  for (const kind of ["touchstart", "touchmove", "touchend"]) {
    document.addEventListener(kind, function (event) {
      if (bridge.isDragged(event.target)) event.stopPropagation();
    }, { capture: true, passive: true });
  }

  /* What is zoomed can be seen whole again without knowing the double click. */
  function offerReset(graph) {
    const known = kept.get(graph);
    const zoomed = Boolean(known && Object.keys(known.zoom).length);
    // The chart is hidden from screen readers, its button is not.
    const hidden = window.common.frameOf(graph);
    const place = hidden && hidden.parentElement;
    let button = place && place.querySelector(":scope > .zoom-reset");
    if (zoomed && place && !button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "zoom-reset";
      button.textContent = "Reset zoom";
      button.addEventListener("click", function () { whole(graph); });
      place.insertBefore(button, hidden);
    }
    if (button) button.hidden = !zoomed;
  }

  function whole(graph) {
    const home = (kept.get(graph) || { home: {} }).home;
    const wanted = {};
    for (const name of Object.keys(graph.layout)) {
      if (!AXIS.test(name) || graph.layout[name].fixedrange) continue;
      if (home[name]) wanted[name + ".range"] = home[name].slice();
      else wanted[name + ".autorange"] = true;
    }
    window.Plotly.relayout(graph, wanted);
  }

  window.zoomOf = function (graph) {
    const known = kept.get(graph);
    return known ? JSON.stringify(known.zoom) : "";
  };

  function listen(graph) {
    if (!graph || !graph.on || graph.dataset.zoomKept) return;
    graph.dataset.zoomKept = "true";
    graph.on("plotly_relayout", function (event) {
      const known = kept.get(graph);
      if (!known || !event) return;
      const names = new Set(Object.keys(event).map((key) => key.split(".")[0]));
      for (const name of names) {
        if (!AXIS.test(name) || !graph.layout[name] || !graph.layout[name].range) continue;
        const range = Array.from(graph.layout[name].range);
        if (same(range, known.home[name])) delete known.zoom[name];
        else known.zoom[name] = range;
      }
      offerReset(graph);
    });
    graph.on("plotly_doubleclick", function () { whole(graph); });
  }

  bridge.drawWith(function (graph, figure, paint) {
    const text = bridge.contentOf(figure);  // before Plotly writes into it
    if (window.answers.isDrawn(graph, text)) return Promise.resolve(graph);
    window.answers.forget(graph);
    newest.set(graph, text);
    const layout = withZoom(graph, figure.layout);
    const zoomed = Object.assign({}, figure, window.chartText.held(graph, { data: figure.data, layout }));
    return paint(zoomed).then(function (result) {
      if (newest.get(graph) === text) window.answers.stands(graph, text);
      window.chartText.follow(graph);
      listen(graph);
      offerReset(graph);
      return result;
    });
  });
})();
