/* A late answer never overwrites a newer one. Every question a page asks carries the whole state
   of its controls, so the newest says it all: asking it ends the ones still open for the same
   outputs. Dash is told that those changed nothing, and waits for them no longer. What a study's
   page is answered is on the screen before Dash gets it (assets/at_once.js). */
(function () {
  "use strict";
  const open = new Map();  // outputs -> how to end the question that is open for them
  const UPDATE = /\/_dash-update-component(\?|$)/;
  const ask = window.fetch;
  const coming = new Map();  // question asked ahead -> its answer's text to come, or null
  const last = new Map();  // page -> the last question of its callback, as it was sent

  function outputs(body) {
    try {
      const question = JSON.parse(body);
      return JSON.stringify([question.output, question.outputs]);
    } catch {
      return null;  // no question of Dash
    }
  }

  function remember(address, options) {
    const found = /"([a-z-]+)-answered"/.exec(options.body);
    if (found) last.set(found[1], { address: address, options: options });
  }

  /* What an answer set beside its outputs is what the next question says. */
  function learn(body, text) {
    const found = /"([a-z-]+)-answered"/.exec(body);
    const sent = found && last.get(found[1]);
    const changed = JSON.parse(text).sideUpdate;
    if (!sent || !changed) return;
    const question = JSON.parse(sent.options.body);
    for (const given of question.inputs.concat(question.state)) {
      const props = typeof given.id === "string" ? changed[given.id] : null;
      if (props && given.property in props) given.value = props[given.property];
    }
    sent.options = Object.assign({}, sent.options, { body: JSON.stringify(question) });
  }

  /* The question that a page will ask for an address its filters wrote, all else as it is. */
  function next(page, search, answered) {
    const sent = last.get(page);
    if (!sent) return null;
    const question = JSON.parse(sent.options.body);
    for (const given of question.inputs.concat(question.state)) {
      if (given.id === page + "-address") given.value = search;
      if (given.id === page + "-answered") given.value = answered;
    }
    const changed = [page + "-address.search"];
    Object.assign(question, { changedPropIds: changed, parsedChangedPropsIds: changed });
    const body = JSON.stringify(question);
    return { address: sent.address, options: Object.assign({}, sent.options, { body: body }) };
  }

  /* For assets/rail.js. */
  window.questions = {
    asked: 0,  // so far
    /* Gets the answer to a question that may be asked soon; false without an example of one. */
    ahead: function (page, search, answered) {
      const question = next(page, search, answered);
      if (!question) return false;
      const body = question.options.body;
      const name = window.atOnce.named(body);
      if (window.atOnce.known(body) !== null || coming.has(name)) return true;
      coming.set(name, ask.call(window, question.address, question.options)
        .then((answer) => (answer.status === 200 ? answer.text() : null))
        .then(function (text) {
          if (text !== null && coming.has(name)) window.atOnce.keep(body, text);
          return text;
        })
        .catch(() => null)  // whoever asks in earnest will be told
        .finally(() => coming.delete(name)));
      return true;
    },
    /* Shows what a question will be answered, if that is known; resolves when it may be asked. */
    show: function (page, search, answered) {
      const question = next(page, search, answered);
      const text = question && window.atOnce.known(question.options.body);
      return text ? window.atOnce.show(text).catch(console.error) : Promise.resolve();
    }
  };

  /* The text of an answer, from the server unless it was given before. */
  function answerTo(body, request) {
    const known = window.atOnce.known(body);
    if (known !== null) return Promise.resolve(known);
    return (coming.get(window.atOnce.named(body)) || Promise.resolve(null)).then(function (early) {
      if (early !== null) return early;
      return request().then(function (answer) {
        if (!answer.ok || answer.status === 204) return answer;
        return answer.text().then(function (text) {
          window.atOnce.keep(body, text);
          return text;
        });
      });
    });
  }

  window.fetch = function (input, options) {
    const address = typeof input === "string" ? input : "";
    const asked = options && typeof options.body === "string" && UPDATE.test(address);
    const key = asked ? outputs(options.body) : null;
    if (key === null) return ask.apply(window, arguments);
    window.questions.asked += 1;
    remember(input, options);
    // Another page: what a study's columns mean may be said anew there.
    if (/"output":"\.*page\.children/.test(options.body)) {
      window.atOnce.clear();
      coming.clear();
      last.clear();
    }
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
      answerTo(options.body, request).then(function (answer) {
        if (!newest || typeof answer !== "string") return answer;
        learn(options.body, answer);
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
