/* What an answer brings is shown before Dash learns of it. Dash tells every component on the page
   of every answer and draws last: charts and words would wait for that. When it then asks for the
   same chart it is there already (assets/zoom.js). Answers are kept for a while, because the same
   question has the same answer while the data are the same. A chart that was drawn before
   is shown as it was then, and drawn anew behind that. */
(function () {
  "use strict";
  const KEPT = 60;  // answers, of up to 100 kB each
  let version = null;  // of the data that the answers are about
  const answers = new Map();  // question -> text of its answer, the latest used last
  const drawn = new WeakMap();  // graph -> text of the figure it shows
  const PICTURES = 24;
  const pictures = new Map();  // figure, size and zoom -> what Plotly drew

  /* Whether one is asked for by an address; then it does not matter what was shown before. */
  function named(body) {
    const question = JSON.parse(body);
    const changed = question.changedPropIds || [];
    if (changed.length !== 1 || !changed[0].endsWith("-address.search")) return body;
    for (const given of question.state || []) {
      if (String(given.id).endsWith("-answered") && given.value) {
        given.value = Object.assign({}, given.value, { query: "" });
      }
    }
    return JSON.stringify(question);
  }

  function known(body) {
    const name = named(body);
    const text = answers.get(name);
    if (text === undefined) return null;
    answers.delete(name);
    answers.set(name, text);
    return text;
  }

  function keep(body, text) {
    // What went wrong once may go right the next time.
    const about = /"version":\s*"(\w+)"/.exec(text);
    if (!about) return;
    // Someone said anew what an uploaded study's columns mean.
    if (about[1] !== version) answers.clear();
    version = about[1];
    answers.set(named(body), text);
    if (answers.size > KEPT) answers.delete(answers.keys().next().value);
  }

  const written = (data, layout) => JSON.stringify([
    data,
    Object.assign({}, layout, { autosize: 0, height: 0, width: 0 })  // dcc.Graph's own
  ]);

  const graphs = (response) => Object.entries(response).flatMap(function ([id, props]) {
    const place = props.figure && document.getElementById(id);
    const graph = place && place.querySelector(".js-plotly-plot");
    const there = graph && graph._fullLayout && props.figure.data && props.figure.data.length;
    return there ? [[graph, props.figure]] : [];
  });

  function draw(graph, figure) {
    const text = written(figure.data, figure.layout);
    if (drawn.get(graph) === text) return;
    const fitted = graph.layout.autosize
      ? Object.assign({}, figure.layout, { autosize: true, height: undefined, width: undefined })
      : figure.layout;
    drawn.delete(graph);
    window.Plotly.react(graph, figure.data, fitted);
    drawn.set(graph, text);
    whenIdle(function () {
      if (drawn.get(graph) === text) take(graph, text);
    });
  }

  /* --- pictures ----------------------------------------------------------------------------- */

  // Safari has no idle callbacks.
  const whenIdle = window.requestIdleCallback || ((act) => setTimeout(act, 300));

  const pictureName = (graph, text) => [
    graph.parentElement.id, graph.clientWidth, graph.clientHeight, window.zoomOf(graph), text
  ].join("|");

  function take(graph, text) {
    const name = pictureName(graph, text);
    const container = graph.querySelector(".plot-container");
    if (!container || !graph.isConnected || pictures.has(name)) return;  // its page was left
    const picture = container.cloneNode(true);
    picture.querySelectorAll(".modebar-container, .hoverlayer, .draglayer").forEach((e) => e.remove());
    picture.className = "plotly";
    // Beside the chart, not in it: Plotly would take the picture's parts for its own.
    const frame = document.createElement("div");
    frame.className = "js-plotly-plot picture";
    frame.appendChild(picture);
    pictures.set(name, frame);
    if (pictures.size > PICTURES) pictures.delete(pictures.keys().next().value);
  }

  /* Covers a chart with the picture of what it is about to show; how to take it away again. */
  function cover(graph, figure) {
    const text = written(figure.data, figure.layout);
    const picture = pictures.get(pictureName(graph, text));
    if (!picture || drawn.get(graph) === text) return null;
    graph.parentElement.appendChild(picture);
    return () => picture.remove();
  }

  /* --- answers ------------------------------------------------------------------------------ */

  let waiting = [];  // texts of words on the screen that Dash has yet to learn of, oldest first

  function words(response) {
    for (const props of Object.values(response)) {
      if (!props.data || !props.data.html) continue;
      waiting = waiting.slice(-20).concat(JSON.stringify(props.data));
      window.island.put(props.data);
    }
  }

  /* Whether Dash tells of words that were shown already, perhaps with newer ones since. */
  function isShown(data) {
    const place = waiting.indexOf(JSON.stringify(data));
    waiting = waiting.slice(place + 1);
    return place >= 0;
  }

  /* Resolves when it is on the screen. */
  function show(text) {
    const response = JSON.parse(text).response || {};
    const charts = graphs(response);
    const covers = charts.map(([graph, figure]) => cover(graph, figure));
    if (covers.length && covers.every(Boolean)) {
      words(response);
      return painted().then(function () {
        charts.forEach(([graph, figure]) => draw(graph, figure));
      }).finally(() => covers.forEach((uncover) => uncover()));
    }
    covers.filter(Boolean).forEach((uncover) => uncover());
    // The chart first: it measures its texts, and each measure would lay out the new words again.
    charts.forEach(([graph, figure]) => draw(graph, figure));
    words(response);
    return painted();
  }

  /* After what was shown is on the screen; a page nobody looks at has no frames. */
  function painted() {
    if (document.hidden) return Promise.resolve();
    return new Promise(function (resolve) {
      const late = setTimeout(resolve, 100);
      requestAnimationFrame(function () {
        clearTimeout(late);
        setTimeout(resolve, 0);
      });
    });
  }

  window.atOnce = {
    clear: () => answers.clear(),
    named: named,
    known: known,
    keep: keep,
    show: show,
    isShown: isShown,
    isDrawn: function (graph, figure) {
      return drawn.has(graph) && drawn.get(graph) === written(figure.data, figure.layout);
    },
    forget: (graph) => drawn.delete(graph)
  };
})();
