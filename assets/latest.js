/* A late answer never overwrites a newer one. Every question a page asks carries the whole state
   of its controls, so the newest says it all: asking it ends the ones still open for the same
   outputs. Dash is told that those changed nothing, and waits for them no longer. */
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

  window.fetch = function (input, options) {
    const address = typeof input === "string" ? input : "";
    const asked = options && typeof options.body === "string" && UPDATE.test(address);
    const key = asked ? outputs(options.body) : null;
    if (key === null) return ask.apply(window, arguments);
    window.questions.asked += 1;
    if (open.has(key)) open.get(key)();
    return new Promise(function (resolve, reject) {
      const request = new AbortController();
      function overtaken() {
        resolve(new Response(null, { status: 204 }));
        request.abort();
      }
      function closed() {
        if (open.get(key) === overtaken) open.delete(key);
      }
      open.set(key, overtaken);
      ask.call(window, input, Object.assign({}, options, { signal: request.signal })).then(
        function (answer) { closed(); resolve(answer); },
        function (problem) { closed(); reject(problem); }
      );
    });
  };
})();
