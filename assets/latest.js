/* A late answer never overwrites a newer one. Every question a page asks carries the whole state
   of its controls, so the newest says it all: asking it ends the ones still open for the same
   outputs. Dash is told that those changed nothing, and waits for them no longer. What a study's
   page is answered is on the screen before Dash gets it (assets/at_once.js). */
(function () {
  "use strict";
  const open = new Map();  // outputs -> how to end the question that is open for them
  const UPDATE = /\/_dash-update-component(\?|$)/;
  const ask = window.fetch;
  window.questions = { asked: 0 };  // so far; for assets/rail.js

  function outputs(body) {
    try {
      const question = JSON.parse(body);
      return JSON.stringify([question.output, question.outputs]);
    } catch (problem) {
      return null;  // no question of Dash
    }
  }

  /* The text of an answer, from the server unless it was given before. */
  function answered(body, request) {
    const known = window.atOnce.known(body);
    if (known !== null) return Promise.resolve(known);
    return request().then(function (answer) {
      if (!answer.ok || answer.status === 204) return answer;
      return answer.text().then(function (text) {
        window.atOnce.keep(body, text);
        return text;
      });
    });
  }

  window.fetch = function (input, options) {
    const address = typeof input === "string" ? input : "";
    const asked = options && typeof options.body === "string" && UPDATE.test(address);
    const key = asked ? outputs(options.body) : null;
    if (key === null) return ask.apply(window, arguments);
    window.questions.asked += 1;
    if (open.has(key)) open.get(key)();
    return new Promise(function (resolve, reject) {
      const stop = new AbortController();
      let newest = true;
      function overtaken() {
        newest = false;
        resolve(new Response(null, { status: 204 }));
        stop.abort();
      }
      function closed() {
        if (open.get(key) === overtaken) open.delete(key);
      }
      open.set(key, overtaken);
      const request = () => ask.call(window, input, Object.assign({}, options, { signal: stop.signal }));
      answered(options.body, request).then(function (answer) {
        if (!newest || typeof answer !== "string") return answer;
        const json = { status: 200, headers: { "Content-Type": "application/json" } };
        // Dash draws what could not be drawn ahead of it, or says why not.
        return Promise.resolve(answer).then(window.atOnce.show).catch(console.error)
          .then(() => new Response(answer, json));
      }).then(
        function (answer) { closed(); resolve(answer); },
        function (problem) { closed(); reject(problem); }
      );
    });
  };
})();
