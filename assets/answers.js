/* What an answer brings is shown before Dash learns of it. Dash tells every component on the page
   of every answer and draws last: charts and words would wait for that. When it then asks for the
   same chart it is there already (assets/zoom.js). Answers are kept for a while, because the same
   question has the same answer while the data are the same. A chart that was drawn before
   is shown as it was then, and drawn anew behind that. */
(function () {
  "use strict";
  const bridge = () => window.dashBridge;  // comes after this file
  const KEPT = 60;  // answers, of up to 100 kB each
  let version = null;  // of the data that the answers are about; what has none may change and is not kept
  const answers = new Map();  // name of a question -> text of its answer, the latest used last
  const drawn = new WeakMap();  // graph -> text of the figure it shows
  const PICTURES = 24;
  const pictures = new Map();  // figure, size and zoom -> what Plotly drew

  /* What a question is kept as. One that asks for an address: what was shown before is no matter. */
  function named(question) {
    const changed = question.changed;
    if (changed.length !== 1 || !changed[0].endsWith("-address.search")) return question.text;
    const values = {};
    for (const { id, value } of question.given) {
      if (String(id).endsWith("-answered") && value) {
        values[id] = { data: Object.assign({}, value, { query: "" }) };
      }
    }
    return question.with(values).text;
  }

  function known(question) {
    const name = named(question);
    const text = answers.get(name);
    if (text === undefined) return null;
    answers.delete(name);
    answers.set(name, text);
    return text;
  }

  function keep(question, text) {
    // What went wrong once may go right the next time.
    const about = /"version":\s*"(\w+)"/.exec(text);
    if (!about) return;
    // Someone said anew what an uploaded study's columns mean.
    if (about[1] !== version) answers.clear();
    version = about[1];
    answers.set(named(question), text);
    if (answers.size > KEPT) answers.delete(answers.keys().next().value);
  }

  const graphs = (outputs) => Object.entries(outputs).flatMap(function ([id, props]) {
    const figure = props.figure;
    if (!figure || !figure.data || !figure.data.length) return [];
    const graph = bridge().graphIn(document.getElementById(id));
    return graph ? [[graph, figure]] : [];
  });

  function draw(graph, figure) {
    const text = bridge().contentOf(figure);
    if (drawn.get(graph) === text) return;
    bridge().draw(graph, figure);
    drawn.set(graph, text);
  }

  /* That a chart shows the figure of that text now, whoever drew it. */
  function stands(graph, text) {
    drawn.set(graph, text);
    window.common.whenIdle(function () {
      if (drawn.get(graph) === text) take(graph, text);
    });
  }

  /* --- pictures ----------------------------------------------------------------------------- */

  /* A chart is as high as its figure says, its place follows. */
  const pictureName = (graph, height, text) =>
    [bridge().nameOf(graph), graph.clientWidth, height, window.zoomOf(graph), text].join("|");

  function take(graph, text) {
    const name = pictureName(graph, graph.clientHeight, text);
    const picture = pictures.has(name) || !bridge().isFitted(graph) ? null : bridge().pictureOf(graph);
    if (!picture) return;
    pictures.set(name, picture);
    if (pictures.size > PICTURES) pictures.delete(pictures.keys().next().value);
  }

  /* Covers a chart with the picture of what it is about to show, if there is one. */
  function cover(graph, figure) {
    const text = bridge().contentOf(figure);
    const picture = pictures.get(pictureName(graph, figure.layout.height, text));
    // One that is still loading, or cannot be, shows nothing.
    if (!picture || !picture.naturalWidth || drawn.get(graph) === text) return false;
    graph.parentElement.appendChild(picture);
    return true;
  }

  function uncover(graph) {
    graph.parentElement.querySelectorAll(":scope > .picture").forEach((picture) => picture.remove());
  }

  /* --- answers ------------------------------------------------------------------------------ */

  let waiting = [];  // texts of words on the screen that Dash has yet to learn of, oldest first

  const parts = (outputs) =>
    Object.values(outputs).map((props) => props.data).filter((data) => data && data.html);

  function words(outputs, later) {
    for (const data of parts(outputs)) {
      waiting = waiting.slice(-20).concat(JSON.stringify(data));
      window.island.put(data, later);
    }
  }

  /* Whether Dash tells of words that were shown already, perhaps with newer ones since. */
  function isShown(data) {
    const place = waiting.indexOf(JSON.stringify(data));
    waiting = waiting.slice(place + 1);
    return place >= 0;
  }

  const turns = new WeakMap();  // graph -> what was shown in it last

  const aShortScroll = () => window.innerHeight / 4;

  /* Whether a reader sees a chart, or will after a short scroll. A hidden one has no size. */
  function isNear(graph) {
    const { top, bottom, height } = graph.getBoundingClientRect();
    const beside = aShortScroll();
    return height > 0 && bottom > -beside && top < window.innerHeight + beside;
  }

  /* Shows what an answer says of its outputs; resolves when it is on the screen. Charts and
     words that nobody sees come after the frame with all else. */
  async function show(outputs) {
    const charts = graphs(outputs);
    charts.forEach(([graph]) => turns.set(graph, outputs));
    // Another answer may come meanwhile, and the same one twice: the last draws and uncovers.
    const last = (some) => some.filter(([graph]) => graph.isConnected && turns.get(graph) === outputs);
    const near = charts.filter(([graph]) => isNear(graph));
    const covered = charts.filter(([graph, figure]) => cover(graph, figure));
    const first = near.every((chart) => covered.includes(chart)) ? [] : near;
    const rest = charts.filter((chart) => !first.includes(chart));
    // Measured before anything is another, or the browser would have to lay it out for that.
    const unseen = parts(outputs).flatMap((data) => window.island.below(data, aShortScroll()));
    if (first.length || !near.length) {
      // A chart takes the size of its place: drawn before that, it would be drawn again.
      parts(outputs).forEach(window.island.makeRoom);
    }
    // The chart first: it measures its texts, and each measure would lay out the new words again.
    drawAll(first);
    words(outputs, new Set(unseen));
    await painted();
    if (!rest.length && !unseen.length) return;
    await painted();  // drawing would hold up the frame that has all else
    window.island.finish(unseen);
    drawAll(last(rest));
  }

  function drawAll(charts) {
    try {
      charts.forEach(([graph, figure]) => draw(graph, figure));
    } finally {
      charts.forEach(([graph]) => uncover(graph));
    }
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

  window.answers = {
    named, known, keep, show, isShown,
    clear: () => answers.clear(),
    isDrawn: (graph, text) => drawn.get(graph) === text,
    forget: (graph) => drawn.delete(graph),
    stands
  };
})();
