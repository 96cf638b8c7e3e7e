/* Files of a report: this browser draws the figures, one after the other, and sends them with the
   items; the server takes every number from the items' addresses. */
(function () {
  "use strict";
  // Pages of a study other than its overview and its data.
  const CHARTS = /^\/study\/[^/]+\/(?!data\b)[a-z]/;

  /* The figure's address of an item's. */
  function figureOf(address) {
    const url = new URL(address, window.location.origin);
    return url.pathname.replace(/\/$/, "") + ".figure.json" + url.search;
  }

  async function addFigure(body, item, k, signal) {
    if (!CHARTS.test(item.address)) return;
    const figure = await window.figures.get(figureOf(item.address), signal);
    if (!figure) return;
    for (const format of ["svg", "png"]) {
      signal.throwIfAborted();
      // One after the other: a report of 40 would else hold 80 drawings at once.
      // oxlint-disable-next-line no-await-in-loop
      body.append(`figure-${k}.${format}`, await window.figures.draw(figure, format), `figure-${k}.${format}`);
    }
  }

  const named = (answer, kind) => {
    const found = /filename="?([^";]+)"?/.exec(answer.headers.get("Content-Disposition") || "");
    return found ? found[1] : "report." + kind;
  };

  async function refusal(answer) {
    const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    const problem = new Error((said.error && said.error.message)
      || "The server could not make this file. Try again, or with fewer items.");
    if (said.error) Object.assign(problem, { hint: said.error.hint, details: said.error.details });
    return problem;
  }

  /* Makes and saves a file of the report ({title, items}).

     progress(words, k, n) is told of each step; `signal` ends it. Gives the lines that say which
     figures are missing, and why. Throws an error with `message`, `hint` and `details`. */
  async function make(kind, report, progress, signal) {
    const body = new FormData();
    const items = report.items.map(({ address, title, comment }) => ({ address, title, comment }));
    body.append("request", JSON.stringify({ format: kind, title: report.title, items: items }));
    const missing = [];
    const n = items.length;
    for (let k = 0; k < n; k += 1) {
      progress(`Drawing item ${k + 1} of ${n}: ${items[k].title}`, k, n);
      try {
        // oxlint-disable-next-line no-await-in-loop
        if (kind !== "xlsx") await addFigure(body, items[k], k, signal);
      } catch (problem) {
        if (signal.aborted) throw problem;
        missing.push(`Item ${k + 1}, “${items[k].title}”, has no figure: ${problem.message}`);
      }
    }
    progress("Writing the file", n, n);
    const answer = await fetch("/report", { method: "POST", body: body, signal: signal });
    if (!answer.ok) throw await refusal(answer);
    window.figures.save(await answer.blob(), named(answer, kind));
    return missing;
  }

  window.reportFiles = { make };
})();
