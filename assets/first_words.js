/* The words that came with the page stand until the page itself does (components/first_words.py). */
(function () {
  "use strict";

  const bridge = window.dashBridge;
  const LONG = 20000;  // ms, after which something went wrong

  function begin() {
    const words = document.getElementById("first-words");
    if (!words) return;
    bridge.layoutAhead().then((page) => bridge.chartsOf(page).forEach(draw)).catch(console.error);
    const late = setTimeout(() => words.prepend(apology()), LONG);
    bridge.whenDrawn(isReady, function () {
      clearTimeout(late);
      charts.forEach(hand);
      words.remove();
    });
  }

  function isReady() {
    const main = document.querySelector("#page main");
    return Boolean(main) && !main.querySelector("[data-island='empty']");
  }

  /* --- charts ------------------------------------------------------------------------------- */

  const charts = [];  // drawn here: {id, place}

  const graphOf = (id) => bridge.graphIn(document.querySelector(`#page [id="${id}"]`));

  /* The charts of the page, where its words have a place for them. */
  function draw({ id, figure, config }) {
    const place = document.querySelector(`#first-words [data-chart="${id}"]`);
    if (!place || !window.Plotly || graphOf(id)) return;
    charts.push({ id, place });
    place.id = id;
    const still = Object.assign({}, config, { staticPlot: true });
    const { data, layout } = window.chartText.held(place, figure);
    window.Plotly.newPlot(place, data, layout, still);
    window.chartText.follow(place);
  }

  /* The chart stays in sight until Dash has drawn it too. */
  function hand({ id, place }) {
    const frame = document.querySelector(`#page [id="${id}"]`);
    const picture = frame && !graphOf(id) && bridge.pictureOf(place);
    if (!picture) return;
    frame.appendChild(picture);
    bridge.whenDrawn(() => graphOf(id) !== null, () => picture.remove());
  }

  function apology() {
    const said = document.createElement("p");
    said.className = "notice notice-error";
    said.setAttribute("role", "alert");
    said.textContent = "This page has not finished loading: its chart and buttons do not work yet. "
      + "Reload the page. The text below can be read meanwhile.";
    return said;
  }

  /* The nodes of a part that came with the page, if they are what its HTML says; taken once. */
  function take(id, html) {
    if (!document.getElementById("first-words")) return null;
    const place = document.querySelector(`#first-words [data-part="${id} ${sum(html)}"]`);
    if (!place) return null;
    place.removeAttribute("data-part");
    return Array.from(place.childNodes);
  }

  /* Adler-32, as Python's zlib has it. */
  function sum(text) {
    let low = 1;
    let high = 0;
    for (const byte of new TextEncoder().encode(text)) {
      low = (low + byte) % 65521;
      high = (high + low) % 65521;
    }
    return high * 65536 + low;
  }

  window.firstWords = { take: take };
  begin();  // the words stand before the scripts
})();
