/* Files of a report: this browser draws the figures, one after the other, and sends them with the
   items; the server takes every number from the items' addresses. */
(function () {
  "use strict";
  const DOTS = 2e7;  // of each PNG: the server takes all of them together

  const megabytes = (bytes) => (bytes / (1 << 20)).toFixed(1) + " MB";

  /* `room`: bytes that the server takes of an SVG, of a PNG, and together of what is still to come. */
  async function addFigure(body, address, k, room, signal) {
    const figure = await window.figures.get(address, signal);
    for (const format of figure ? ["svg", "png"] : []) {
      signal.throwIfAborted();
      // One after the other: a report of 40 would else hold 80 drawings at once.
      // oxlint-disable-next-line no-await-in-loop
      const file = await window.figures.draw(figure, format, DOTS);
      const most = Math.min(room[format], room.together);
      if (file.size > most) {
        throw new Error(`its ${format.toUpperCase()} has ${megabytes(file.size)}, and the server takes ${megabytes(most)}`
          + (most < room[format] ? " more in one report" : ""));
      }
      room.together -= file.size;
      body.append(`figure-${k}.${format}`, file, `figure-${k}.${format}`);
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

  async function send(address, body, signal) {
    const answer = await fetch(address, { method: "POST", body: body, signal: signal });
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }

  /* What the server left out of the file, in words. */
  function leftOut(answer) {
    try {
      return JSON.parse(answer.headers.get("Report-Left-Out") || "[]")
        .map(({ item, name, why }) => `Item ${item}, “${name}”, is left out: ${why}`);
    } catch {
      return ["Some items are left out; the file says which."];
    }
  }

  /* Makes and saves a file of the report ({title, items}).

     progress(words, k, n) is told of each step; `signal` ends it. Gives the lines that say what is
     missing, and why. Throws an error with `message`, `hint` and `details`. */
  async function make(kind, report, progress, signal) {
    const items = report.items.map(({ address, title, comment }) => ({ address, title, comment }));
    const asked = () => JSON.stringify({ format: kind, title: report.title, items: items });
    const n = items.length;
    progress("Looking at the items", 0, n);
    const { items: checked, limits: room } = await (await send(window.site.at("/report/check"), asked(), signal)).json();
    const body = new FormData();
    const missing = [];
    for (let k = 0; k < n; k += 1) {
      const called = checked[k].title || items[k].title || items[k].address;
      progress(`Drawing item ${k + 1} of ${n}: ${called}`, k, n);
      try {
        // oxlint-disable-next-line no-await-in-loop
        if (checked[k].figure) await addFigure(body, checked[k].figure, k, room, signal);
      } catch (problem) {
        if (signal.aborted) throw problem;
        items[k].no_figure = problem.message.slice(0, 300);
        missing.push(`Item ${k + 1}, “${called}”, has no figure: ${problem.message}`);
      }
    }
    body.append("request", asked());
    progress("Writing the file", n, n);
    const answer = await send(window.site.at("/report"), body, signal);
    window.figures.save(await answer.blob(), named(answer, kind));
    return leftOut(answer).concat(missing);
  }

  window.reportFiles = { make };
})();
