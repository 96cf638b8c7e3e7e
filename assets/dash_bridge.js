/* All that these scripts know of the inside of Dash (4.4) and of the charts it lets Plotly draw.
   Nobody promises any of it: a newer Dash may change it in silence. No other file here names it,
   and tests/browser/test_dash_bridge.py says in words which of it no longer holds. */
(function () {
  "use strict";

  /* --- components --------------------------------------------------------------------------- */

  /* Functions for Dash's ClientsideFunction(namespace, name). */
  function provide(namespace, functions) {
    window.dash_clientside = window.dash_clientside || {};
    window.dash_clientside[namespace] = functions;
  }

  /* What such a function gives back for an output that stays. */
  const unchanged = () => window.dash_clientside.no_update;

  /* Sets a component's properties, as if its reader had; before Dash is there, nothing. */
  function set(id, props) {
    const there = window.dash_clientside;
    if (there && there.set_props) there.set_props(id, props);
  }

  /* A component as it is now; undefined where it is not on the page. */
  function componentOf(id) {
    const dash = window.dash_component_api;
    let found;
    try {
      found = dash.getLayout(id);
    } catch (problem) {
      if (!(problem instanceof TypeError)) throw problem;  // which Dash throws of a name it does not know
    }
    // Of an unknown id that is no name it gives the whole page.
    const known = found && found.props && found.props.id;
    return known && dash.stringifyId(known) === dash.stringifyId(id) ? found : undefined;
  }

  /* What a component holds now; undefined for one that is not there. */
  function held(id, property) {
    const component = componentOf(id);
    return component && component.props[property];
  }

  /* Opens an address of this site without loading everything again: dcc.Location hears of it. */
  function open(address) {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  /* Calls `then` once, when Dash has drawn what `isReady` looks for. */
  function whenDrawn(isReady, then) {
    const watch = new MutationObserver(function () {
      if (!isReady()) return;
      watch.disconnect();
      then();
    });
    const told = { attributes: true, attributeFilter: ["data-island"], childList: true, subtree: true };
    watch.observe(document.getElementById("react-entry-point"), told);
  }

  /* --- what a page is made of --------------------------------------------------------------------- */

  const ask = window.fetch;
  const LAYOUT = /\/_dash-layout(\?|$)/;
  let coming = null;  // text of the page's components, or null where none came: to come, for Dash

  /* The components of the page that Dash is about to make. */
  function layoutAhead() {
    coming = ask.call(window, window.site.at("/_dash-layout"), { credentials: "same-origin" })
      .then((response) => (response.ok ? response.text() : null))
      .catch(() => null);  // Dash asks again, and says so
    return coming.then((text) => (text === null ? null : JSON.parse(text)));
  }

  async function layoutFor(address, options) {
    const text = await coming;
    coming = null;
    if (text === null) return ask.call(window, address, options);
    return new Response(text, { headers: { "Content-Type": "application/json" } });
  }

  /* The charts among components: id, figure and configuration of each that has something to show. */
  function chartsOf(component) {
    if (Array.isArray(component)) return component.flatMap(chartsOf);
    if (!component || !component.props) return [];
    const { id, figure, config, children } = component.props;
    const shows = component.type === "Graph" && figure && figure.data.length;
    return (shows ? [{ id, figure, config }] : []).concat(chartsOf(children));
  }

  /* --- questions and answers ---------------------------------------------------------------- */

  let besides = () => ({});
  /* From now on questions go with the headers that `make` makes. */
  function sendWith(make) { besides = make; }

  const UPDATE = /\/_dash-update-component(\?|$)/;
  /* What Dash asks the server, or what it would ask. Values are named as {id: {property: value}}. */
  class Question {
    constructor(address, options) {
      const { output, outputs, inputs, state, changedPropIds } = JSON.parse(options.body);
      this.address = address;
      this.options = options;
      this.text = options.body;
      this.output = output;  // "id.property", or several as "..one...two.."
      this.outputs = JSON.stringify([output, outputs]);  // equal for questions of one callback
      this.given = inputs.concat(state || []);  // each an {id, property, value}
      this.changed = changedPropIds || [];  // each as "id.property"
    }

    /* Whether an output, or the first of several, is this one. */
    fills(place) {
      return this.output.replace(/^\.+/, "").startsWith(place);
    }

    /* The same question with other values, asked because of what is named in `changed`. */
    with(values, changed) {
      const body = JSON.parse(this.text);
      for (const given of body.inputs.concat(body.state || [])) {
        const props = typeof given.id === "string" ? values[given.id] : null;
        if (props && given.property in props) given.value = props[given.property];
      }
      if (changed) Object.assign(body, { changedPropIds: changed, parsedChangedPropsIds: changed });
      const options = Object.assign({}, this.options, { body: JSON.stringify(body) });
      return new Question(this.address, options);
    }

    /* Asks the server: the text of its answer, or its response if that is none. */
    send(signal) {
      const headers = Object.assign({}, this.options.headers, besides());
      const options = Object.assign({}, this.options, { headers }, signal ? { signal: signal } : {});
      return ask.call(window, this.address, options).then((response) =>
        (response.ok && response.status !== 204 ? response.text() : response));
    }
  }

  /* A question, or null: what these scripts ask of the server is none of Dash's. */
  function questionOf(address, options) {
    if (typeof address !== "string" || !UPDATE.test(address)) return null;
    return options && typeof options.body === "string" ? new Question(address, options) : null;
  }

  const DEPENDENCIES = /\/_dash-dependencies(\?|$)/;
  let callbacks = [];  // as Dash gets them: output, inputs, state of each; a text until one is asked for

  function note(response) {
    // Where that fails Dash says so.
    if (response.ok) response.clone().text().then((text) => { callbacks = text; }, () => {});
    return response;
  }

  /* The question that Dash asks when `property` of a component changes, with what all components hold
     now; null where it asks none, or of components that are not there. */
  function questionAbout(id, property) {
    if (typeof callbacks === "string") callbacks = JSON.parse(callbacks);
    const found = callbacks.find((one) => !one.clientside_function &&
      one.inputs.some((given) => given.id === id && given.property === property));
    if (!found) return null;
    const named = (text) => (text.startsWith("{") ? JSON.parse(text) : text);
    const heldNow = (given) =>
      ({ id: named(given.id), property: given.property, value: held(named(given.id), given.property) });
    const several = found.output.startsWith("..");
    const places = (several ? found.output.slice(2, -2).split("...") : [found.output]).map(function (place) {
      const end = place.lastIndexOf(".");
      return { id: named(place.slice(0, end)), property: place.slice(end + 1) };
    });
    const all = found.inputs.concat(found.state);
    if (!all.every((given) => componentOf(named(given.id)))) return null;
    const body = JSON.stringify({
      output: found.output,
      outputs: several ? places : places[0],
      inputs: found.inputs.map(heldNow),
      changedPropIds: [`${id}.${property}`],
      parsedChangedPropsIds: [`${id}.${property}`],
      state: found.state.length ? found.state.map(heldNow) : undefined
    });
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const options = { method: "POST", credentials: "same-origin", headers, body };
    return new Question(window.site.at("/_dash-update-component"), options);
  }

  /* From now on `answerer` answers Dash. It takes a question and promises a text, a response, or
     null: then Dash learns that nothing changed, and waits no longer. */
  function answerWith(answerer) {
    window.fetch = function (address, options) {
      if (coming && LAYOUT.test(address)) return layoutFor(address, options);
      const question = questionOf(address, options);
      if (DEPENDENCIES.test(address)) return ask.apply(window, arguments).then(note);
      if (!question) return ask.apply(window, arguments);
      return answerer(question).then(function (answer) {
        if (answer === null) return new Response(null, { status: 204 });
        if (typeof answer !== "string") return answer;
        return new Response(stillThere(answer), { headers: { "Content-Type": "application/json" } });
      });
    };
  }

  /* The answer without what it sets on components that left with their page: Dash would complain. */
  function stillThere(text) {
    const answer = JSON.parse(text);
    const sets = Object.keys(answer.sideUpdate || {});
    const gone = sets.filter(function (id) {
      const found = id.startsWith("{") ? JSON.parse(id) : id;
      return componentOf(found) === undefined;
    });
    if (!gone.length) return text;
    gone.forEach((id) => delete answer.sideUpdate[id]);
    return JSON.stringify(answer);
  }

  /* What an answer says: of the outputs, and of what the callback set beside them. */
  function readAnswer(text) {
    const { response, sideUpdate } = JSON.parse(text);
    return { outputs: response || {}, beside: sideUpdate || {} };
  }

  /* --- charts ------------------------------------------------------------------------------- */

  const GRAPH = ".js-plotly-plot";

  /* Promises Plotly; without the smaller bundle it comes with the first chart, and here without one. */
  function whenPlotly() {
    if (window.Plotly) return Promise.resolve(window.Plotly);
    return new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = window.site.at("/_dash-component-suites/plotly/package_data/plotly.min.js");
      script.addEventListener("load", () => resolve(window.Plotly));
      script.addEventListener("error", () => reject(new Error("Plotly could not be loaded.")));
      document.head.append(script);
    });
  }

  /* The charts in a part of the page that are drawn. */
  const graphsIn = (part) =>
    Array.from(part ? part.querySelectorAll(GRAPH) : []).filter((graph) => graph._fullLayout);

  /* The chart of a dcc.Graph, given the element that has its id; null before it is drawn. */
  const graphIn = (place) => graphsIn(place)[0] || null;

  /* The chart that a part of it lies in; null outside of charts. */
  const graphAt = (part) => (part.closest ? part.closest(GRAPH) : null);

  const nameOf = (graph) => graph.parentElement.id;

  /* Whether a chart was drawn as wide as its place is: after that became another it is drawn anew. */
  const isFitted = (graph) =>
    Boolean(graph._fullLayout) && Math.abs(graph._fullLayout.width - graph.clientWidth) < 1;

  /* Whether a finger there would cut the axes. */
  const isDragged = (part) => Boolean(part.closest && part.closest(`${GRAPH} .draglayer`));

  /* What of a figure its picture depends on: dcc.Graph has sizes of its own. */
  const contentOf = (figure) => JSON.stringify([
    figure.data,
    Object.assign({}, figure.layout, { autosize: 0, height: 0, width: 0 })
  ]);

  /* Where a chart's plot lies in it, in pixels, its vertical axis down to `range`, its font; null before
     it is drawn. Other scripts may write into `layer`, which Plotly leaves as it is. */
  function plotOf(graph) {
    const layout = graph._fullLayout;
    const layer = graph.querySelector(".main-svg");
    if (!layout || !layer) return null;
    const { l, t, w, h } = layout._size;
    return {
      layer, left: l, top: t, width: w, height: h, range: layout.yaxis.range[0], family: layout.font.family
    };
  }

  /* Pixels from a chart's left (`letter` "x") or top ("y") to a place on an axis ("y2"): a value, as a trace
     has it (`inTrace`) or as an axis' range does; to a share of an axis ("y2 domain") or of the plot
     ("paper"). Null where the axis does not show it. */
  function placeOf(graph, letter, on, value, inTrace) {
    const [name, share] = (on || letter).split(" ");
    const from = (start, length) => start + length * (letter === "x" ? value : 1 - value);
    const { l, t, w, h } = graph._fullLayout._size;
    if (name === "paper") return letter === "x" ? from(l, w) : from(t, h);
    const axis = graph._fullLayout[`${letter}axis${name.slice(1)}`];
    if (share) return from(axis._offset, axis._length);
    const at = inTrace ? axis.c2p(axis.d2c(value)) : axis.r2p(value);
    return at > -1e-6 && at < axis._length + 1e-6 ? axis._offset + at : null;
  }

  /* Draws a figure where dcc.Graph will draw it, as large as it will. */
  function draw(graph, figure) {
    const layout = graph.layout.autosize
      ? Object.assign({}, figure.layout, { autosize: true, height: undefined, width: undefined })
      : figure.layout;
    return window.Plotly.react(graph, figure.data, layout);
  }

  /* A chart's place may have another width by now: Plotly cuts the new margins down to the width it knows. */
  function measured(graph) {
    const known = graph._fullLayout;
    if (known && known.autosize && graph.clientWidth) known.width = graph.clientWidth;
  }

  /* From now on `drawer` draws all charts, dcc.Graph's too. It takes a chart, a figure and a
     function that draws the figure given, and promises the chart. Plotly is loaded after this
     file, whole or as the smaller bundle. */
  function drawWith(drawer) {
    const wrapped = new WeakSet();
    function wrap(library) {
      if (!library || !library.react || wrapped.has(library)) return library;
      const react = library.react;
      library.react = function (graph, data, layout, config) {
        // dcc.Graph gives a whole figure.
        const whole = data && !Array.isArray(data);
        const figure = whole ? data : { data: data, layout: layout, config: config };
        return drawer(graph, figure, function (other) {
          measured(graph);
          return react.call(library, graph, other);
        });
      };
      wrapped.add(library);
      return library;
    }

    let plotly = wrap(window.Plotly);
    Object.defineProperty(window, "Plotly", {
      configurable: true,
      get: () => plotly,
      set: function (value) { plotly = wrap(value); }
    });
  }

  /* A still image of a chart, to lie on top of it; null for one whose page was left. A copy of its
     parts would be styled and laid out whenever it is shown, which takes longer than all words. */
  function pictureOf(graph) {
    const sheets = graph.querySelectorAll(".svg-container > .main-svg");
    if (!sheets.length || !graph.isConnected) return null;
    const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const side of ["width", "height"]) whole.setAttribute(side, sheets[0].getAttribute(side));
    // Plotly's own style sheet does not reach into images.
    whole.innerHTML = "<style>.crisp { shape-rendering: crispEdges; }</style>";
    for (const sheet of sheets) whole.appendChild(sheet.cloneNode(true));
    whole.querySelectorAll(".hoverlayer, .draglayer").forEach((part) => part.remove());
    const text = new XMLSerializer().serializeToString(whole);
    const picture = new Image();
    picture.alt = "";
    picture.className = "picture";
    picture.decoding = "sync";  // in the frame with all else
    picture.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    for (const end of ["load", "error"]) picture.addEventListener(end, () => URL.revokeObjectURL(picture.src));
    return picture;
  }

  /* All that a chart shows in a color of its own. */
  const inksOf = (graph) => Array.from(
    graph.querySelectorAll(".main-svg :is(path, text, tspan, rect, circle, line)"));

  /* --- what a chart says where it is pointed at ------------------------------------------------ */

  /* Its traces with all that Plotly filled in. */
  const tracesOf = (graph) => graph._fullData;

  /* Whether pointing reads all curves at one time. */
  const isReadAcross = (graph) => String(graph._fullLayout.hovermode).startsWith("x");

  /* Whether the vertical axis has rows: counted from its top, or of categories. */
  function hasRows(graph) {
    const axis = graph._fullLayout.yaxis;
    return axis.range[0] > axis.range[1] || axis.type === "category";
  }

  /* How far down a value of the vertical axis stands, for comparing. */
  function depthOf(graph, y) {
    const axis = graph._fullLayout.yaxis;
    const place = Number.isFinite(y) ? y : axis.d2c(y);
    return axis.range[0] > axis.range[1] ? place : -place;
  }

  /* Also what Plotly was asked for and has not drawn yet. */
  function stopPointing(graph) {
    if (graph._fullLayout) window.Plotly.Fx.unhover(graph);
  }

  /* The lines of the chart's own note. */
  function noteOf(graph) {
    const texts = Array.from(graph.querySelectorAll(".hoverlayer text"));
    const lines = texts.flatMap(function (text) {
      const parts = text.querySelectorAll("tspan.line");
      return parts.length ? Array.from(parts, (part) => part.textContent) : [text.textContent];
    });
    return lines.map((line) => line.trim()).filter(Boolean);
  }

  window.dashBridge = {
    provide, unchanged, set, held, open, whenDrawn, layoutAhead, chartsOf,
    answerWith, sendWith, readAnswer, questionOf, questionAbout, whenPlotly,
    graphsIn, graphIn, graphAt, nameOf, isFitted, isDragged, contentOf, plotOf, placeOf, draw, drawWith, pictureOf, inksOf,
    tracesOf, isReadAcross, hasRows, depthOf, stopPointing, noteOf
  };
})();
