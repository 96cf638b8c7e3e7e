/* Runs in the pages that benchmarks/visits.py opens: when something is on the screen, in ms.
   Painted is the frame after the one in which it is found in the document. */
(function () {
  "use strict";
  const LONGEST = 15000;  // ms; later is lost
  const ALIKE = 1500;  // ms after new words; a chart that is not another by then is the same

  const frame = () => new Promise(requestAnimationFrame);
  const wait = (ms) => new Promise((go) => setTimeout(go, ms));
  const seen = (place) => place.checkVisibility && place.checkVisibility();

  /* What is to be read at these places. */
  const words = (places) => Array.from(document.querySelectorAll(places), (p) => p.textContent).join("|");

  /* What the charts show, or the tables at these places. */
  function drawn(places) {
    const charts = Array.from(document.querySelectorAll(".js-plotly-plot")).filter(seen);
    if (places) return words(places);
    return charts.map(function (chart) {
      const picture = chart.parentElement.querySelector(".picture");
      if (picture) return "picture " + picture.outerHTML.length;
      return Array.from(chart.querySelectorAll(".scatterlayer path, .barlayer path"),
        (path) => path.getAttribute("d") + path.getAttribute("style")).join();
    }).join("|");
  }

  /* When the words at a place can be read, and when the first chart stands. */
  function first(answer, chart) {
    const found = { answer: null, chart: null };
    async function look(name, there) {
      while (!there()) await frame();
      await frame();
      found[name] = performance.now();
    }
    const read = () => Array.from(document.querySelectorAll(answer))
      .some((place) => seen(place) && place.innerText.trim());
    const stands = () => document.querySelector(
      ".js-plotly-plot .scatterlayer path, .js-plotly-plot .barlayer path");
    const all = [look("answer", read)];
    if (chart) all.push(look("chart", stands));
    return Promise.race([Promise.all(all), wait(60000)]).then(() => found);
  }

  /* From now until words and charts (or tables) are others; `words`: until those are;
     `same`: nothing else is. */
  async function changed(page, started) {
    const before = [words(page.words), drawn(page.tables)];
    let read = null;
    let painted = null;  // the frame after that
    let shown = null;
    while (read === null || shown === null) {
      await frame();
      const now = performance.now();
      if (read !== null && painted === null) painted = now;
      if (read === null && words(page.words) !== before[0]) read = now;
      if (shown === null && drawn(page.tables) !== before[1]) shown = now;
      if (read !== null && now - read > ALIKE) break;
      if (now - started() > LONGEST) return { ms: null, words: null, same: false };
    }
    if (shown !== null) await frame();
    const last = shown === null ? read : performance.now();
    return { ms: last - started(), words: (painted || last) - started(), same: shown === null };
  }

  const boxes = () => Array.from(document.querySelectorAll(".rail .option-row")).filter(seen);
  /* The filters that are folded away, too. */
  const unfold = () => document.querySelectorAll(".rail details").forEach((part) => { part.open = true; });
  function target(what) {
    if (typeof what === "number") return boxes()[what].querySelector("input");
    const [name, place] = what;  // text of a label, and which of those that have it
    const labels = Array.from(document.querySelectorAll("label")).filter((l) => l.textContent.trim() === name);
    if (!labels[place || 0]) throw new Error("no label " + name);
    return labels[place || 0];
  }

  /* Clicks without resting first. */
  function click(page, what) {
    const place = target(what);
    const start = performance.now();
    const answer = changed(page, () => start);
    place.click();
    return answer;
  }

  /* Waits for a click by the mouse; what it took is in `window.bench.clicked`. */
  function listen(page) {
    window.bench.clicked = null;
    document.addEventListener("click", function () {
      const start = performance.now();
      changed(page, () => start).then((found) => { window.bench.clicked = found; });
    }, { capture: true, once: true });
  }

  /* One click after the other, each a moment after the one before was answered. */
  async function series(page, all) {
    const found = [];
    for (const what of all) {
      found.push(await click(page, what));
      await wait(50);
    }
    return found;
  }

  window.bench = { first, unfold, click, listen, series, boxes: () => boxes().length, clicked: null, running: null };
})();
