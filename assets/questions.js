/* A late answer never overwrites a newer one. Every question a page asks carries the whole state
   of its controls, so the newest says it all: asking it ends the ones still open for the same
   outputs. Dash is told that those changed nothing, and waits for them no longer. What a page is
   answered is on the screen before Dash gets it (assets/answers.js). */
(function () {
  "use strict";
  const bridge = window.dashBridge;
  const open = new Map();  // outputs -> how to end the question that is open for them
  const ofPages = new Set();  // how to end those of pages' callbacks: they end when another page opens
  const coming = new Map();  // question asked ahead -> its answer's text to come, or null
  const last = new Map();  // page -> the last question of its callback
  const opened = new Map();  // page -> what it would have asked before anything was chosen on it
  const settled = new Map();  // page -> what its callback was last told and has set, as a text
  const SLOW = 1000;  // ms after which Dash is not waited for: it need not ask for every choice
  const LONGEST = 5000;  // ms after which what was chosen is not waited for any more
  const PATIENCE = 400;  // ms for an answer to come before Dash asks, which says on the page that it waits
  let hurry = () => {};  // ends the waiting for an answer that is to be shown first
  let turn = 0;  // of the last choice: an older one's answer is not shown any more
  let later = null;  // tells Dash what was chosen last, once the answer to it is on the screen
  let chosen = -SLOW;  // when something was chosen in a control that Dash has not asked about
  let filtered = -SLOW;  // the same of the filters, whose address says all of them
  const acts = new Map();  // outputs -> what is asked for them that no control says: a click in a table, by its store
  let line = null;  // resolves when the last of such clicks is answered
  let ahead = null;  // a control's value whose answer is on the screen and that Dash has not asked: {id, value, until}
  let expected = null;  // what the filters wrote that no question has said yet: {page, search, lost}
  let written = null;  // the same until an answer comes, also to a newer question: {page, search}

  /* The page whose callback asks; undefined for other questions. */
  function pageOf(question) {
    for (const given of question.given) {
      const found = /^([a-z-]+)-address$/.exec(given.id);
      if (found) return found[1];
    }
    return undefined;
  }

  /* Whether another page's address stands in the browser already: what is chosen on this one until that
     comes would be written into it. */
  function isLeft() {
    const path = bridge.held("shown", "data");
    return typeof path === "string" && window.site.at(path) !== window.common.decoded(window.location.pathname);
  }

  /* What an answer set is what the next question says. */
  function learn(question, outputs, beside) {
    const page = pageOf(question);
    const asked = page && last.get(page);
    if (!asked) return;
    // What went wrong may be asked again, and what may change meanwhile: nothing is shown ahead of that.
    if (window.answers.known(question) === null) return last.delete(page);
    last.set(page, asked.with(outputs).with(beside));
    settled.set(page, JSON.stringify(last.get(page).given));
  }

  /* The last question of the page that has a component, by the page's name; before the first the one
     it would ask. [] for other components, and where answers may change. */
  function askedBy(id, property) {
    for (const [page, asked] of last) {
      if (asked.given.some((given) => given.id === id)) return [page, asked];
    }
    const first = bridge.questionAbout(id, property);
    const page = first && pageOf(first);
    const ofStudy = page && first.given.some((given) => given.id === page + "-answered");
    const { version } = (page && bridge.held(page + "-island", "data")) || {};
    if (!ofStudy && !version) return [];
    opened.set(page, first);
    return [page, first];
  }

  /* Gets the answer that leads back to the view before, which was seen: to the one a page was opened
     with, and from a filter. `asked` is the page's question before. */
  function getBack(page, question, asked) {
    const first = opened.get(page);
    opened.delete(page);
    const valueOf = (from, id) => (from.given.find((given) => given.id === id) || {}).value;
    const [id, property] = (question.changed[0] || "").split(".");
    const was = first || (id === page + "-address" && asked);
    if (!was || question.changed.length !== 1) return;
    const before = valueOf(was, id);
    const values = { [id]: { [property]: before } };
    if (id === page + "-address") {
      const { columns } = valueOf(question, page + "-answered") || {};
      if (!columns) return;
      values[page + "-answered"] = { data: { query: "", columns: columns, filtered: before } };
    }
    window.common.whenIdle(function () {
      if (last.has(page)) get(last.get(page).with(values, question.changed));
    });
  }

  /* An answer that was on its way writes its own address over that of the filters: Dash then asks
     without them. */
  function compare(page, question) {
    if (!expected || expected.page !== page) return;
    const { search, lost } = expected;
    expected = null;
    const address = question.given.find((given) => given.id === page + "-address");
    if (address && address.value !== search) lost();
  }

  /* Whether a question was chosen before what is on the screen: Dash asks that one too, after it. */
  function isOlder(question) {
    if (!ahead || performance.now() > ahead.until) return false;
    if (!question.changed.every((name) => name.endsWith(".value"))) return false;
    const now = question.given.find((given) => given.id === ahead.id);
    if (!now) return false;
    if (JSON.stringify(now.value) !== JSON.stringify(ahead.value)) return true;
    ahead = null;
    return false;
  }

  /* What was asked by an address and is answered under another takes its place: going back leads through
     nothing that was never on the screen. */
  function readdress(page, question, outputs) {
    const said = outputs[page + "-address"];
    const left = written && written.page === page ? written.search : null;
    written = null;
    if (!said || typeof said.search !== "string") return;
    if (!question.changed.includes(page + "-address.search") && left !== window.location.search) return;
    const { pathname, search, hash } = window.location;
    const asked = question.given.find((given) => given.id === page + "-address");
    if (said.search === search || asked.value !== search) return;
    window.history.replaceState(window.history.state, "", pathname + said.search + hash);
  }

  const isAct = (name) => !/(\.value|-address\.search|^display\.data)$/.test(name);

  /* The question, and with it what an older one that it ends says beside the controls: its store still has it. */
  function withActs(question) {
    const older = acts.get(question.outputs) || [];
    const all = Array.from(new Set(question.changed.concat(older)));
    acts.set(question.outputs, all.filter(isAct));
    return older.length ? question.with({}, all) : question;
  }

  /* Resolves when nothing is asked; of a server that takes long, before. */
  function rested() {
    const until = performance.now() + LONGEST;
    return new Promise(function (done) {
      (function look() {
        if (window.questions.resting() || performance.now() > until) done(window.questions.shown);
        else setTimeout(look, 20);
      })();
    });
  }

  /* The question that a page will ask for an address its filters wrote, all else as it is. */
  function next(page, search, told) {
    const [, asked] = askedBy(page + "-address", "search");
    const values = { [page + "-address"]: { search: search }, [page + "-answered"]: { data: told } };
    return asked ? asked.with(values, [page + "-address.search"]) : null;
  }

  /* The page a control belongs to, and what it will ask when the control has that value. */
  function asking(id, value) {
    const [page, asked] = askedBy(id, "value");
    return page ? [page, asked.with({ [id]: { value: value } }, [id + ".value"])] : [];
  }

  /* Gets the answer to a question that will be asked. */
  function get(question) {
    const name = window.answers.named(question);
    if (window.answers.known(question) !== null || coming.has(name)) return;
    coming.set(name, question.send()
      .then(function (answer) {
        if (typeof answer !== "string") return null;
        if (coming.has(name)) window.answers.keep(question, answer);
        return answer;
      })
      .catch(() => null)  // whoever asks in earnest will be told
      .finally(() => coming.delete(name)));
  }

  /* Whether the last question of a page does not say yet what was chosen since. */
  const isBehind = (since) => Boolean(later) || performance.now() - since < SLOW;

  function tellDash() {
    hurry();
    const tell = later;
    later = null;
    if (tell) tell();
  }

  const shown = (text) => window.answers.show(bridge.readAnswer(text).outputs).catch(console.error);

  /* Shows what a choice is answered before Dash asks for it: while Dash draws its components, which
     takes as long, the server would have half the machine. Resolves when Dash may be told. */
  async function showFirst(page, question) {
    turn += 1;
    const mine = turn;
    let text = window.answers.known(question);
    if (text === null) {
      get(question);
      const late = new Promise(function (go) {
        hurry = () => go(null);
        setTimeout(hurry, PATIENCE);
      });
      text = await Promise.race([coming.get(window.answers.named(question)), late]);
    }
    if (text === null || mine !== turn) return;
    settled.delete(page);  // the screen says something else from now on
    await shown(text);
  }

  // Whatever is clicked or typed next comes after the choice.
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, tellDash, true);

  /* For assets/rail.js and controls.js. */
  window.questions = {
    asked: 0,  // so far
    /* Whether something was chosen that Dash has not asked about. */
    behind: () => isBehind(Math.max(chosen, filtered)),
    isLeft,
    /* Whether nothing is asked, nor about to be. */
    resting: () => !open.size && !window.questions.behind(),
    rested,
    /* Tells Dash of a click in a table, once those before it are answered: their store holds one. */
    act: function (tell) {
      function go() {
        chosen = performance.now();
        tell();
        return rested();
      }
      const mine = (line ? line.then(go) : go()).finally(() => { if (line === mine) line = null; });
      line = mine;
    },
    shown: Promise.resolve(),  // the answer on the screen, until Dash has it too
    /* Gets the answer to a question that may be asked soon. */
    ahead: function (page, search, told) {
      const question = next(page, search, told);
      if (question) get(question);
    },
    /* The same of a value that a control may take soon. */
    aheadOf: function (id, value) {
      const [page, question] = isLeft() || window.questions.behind() ? [] : asking(id, value);
      if (page) get(question);
    },
    /* Calls `lost` if the page's next question does not say the address that its filters wrote. */
    expect: function (page, search, lost) {
      expected = { page, search, lost };
      written = { page, search };
    },
    /* Shows what filters will be answered; resolves when their address may be asked for. */
    show: function (page, search, told) {
      const behind = isBehind(chosen);
      tellDash();
      ahead = null;
      filtered = performance.now();
      const question = behind ? null : next(page, search, told);
      return question ? showFirst(page, question) : Promise.resolve();
    },
    /* Has a page say what it does when a control has another value, and `tell` tell Dash of that; without
       `tell` the answer is only got ahead. What is chosen before Dash has asked waits for its turn.
       Returns whether Dash is told later. */
    change: function (id, value, tell) {
      const behind = window.questions.behind();
      tellDash();
      ahead = null;
      const [page, question] = isLeft() ? [] : asking(id, value);
      if (page) {
        chosen = performance.now();
        if (tell && !behind && !open.has(question.outputs)) {
          later = tell;
          ahead = { id, value, until: performance.now() + LONGEST };
          showFirst(page, question).then(() => { if (later === tell) tellDash(); });
          return true;
        }
        get(question);
      }
      if (tell) tell();
      return false;
    }
  };

  /* The text of an answer, from the server unless it was given before; its response if that is none. */
  async function answerTo(question, signal) {
    const known = window.answers.known(question);
    if (known !== null) return known;
    const early = await (coming.get(window.answers.named(question)) || null);
    if (early !== null) return early;
    const answer = await question.send(signal);
    if (typeof answer === "string") window.answers.keep(question, answer);
    return answer;
  }

  /* Nothing was answered: said above the page, until the next answer. */
  function sayUnanswered() {
    window.island.put({ html: { "page-notice": '<div class="notice notice-error" role="alert">' +
      "<strong>The server did not answer this change</strong>" +
      "<p>The page still shows what it showed before. Check the connection, then choose again or reload the " +
      "page.</p></div>" } });
  }

  bridge.answerWith(function (said) {
    window.questions.asked += 1;
    const page = pageOf(said);
    if (page && isLeft()) return Promise.resolve(null);
    const question = page ? withActs(said) : said;
    if (page) compare(page, question);
    if (page && isOlder(question)) return Promise.resolve(null);
    // Dash asks again where an answer set a control: what is shown answers that.
    if (page && settled.get(page) === JSON.stringify(question.given)) return Promise.resolve(null);
    const before = page && last.get(page);
    if (page) {
      last.set(page, question);
      chosen = filtered = -SLOW;
      turn += 1;
    }
    settled.delete(page);
    // Another page: what a study's columns mean may be said anew there.
    if (question.fills("page.children")) {
      ofPages.forEach((end) => end());
      later = null;
      turn += 1;
      expected = written = ahead = null;
      acts.clear();
      window.answers.clear();
      coming.clear();
      last.clear();
      opened.clear();
      settled.clear();
    }
    if (open.has(question.outputs)) open.get(question.outputs)();
    return new Promise(function (resolve, reject) {
      const stop = new AbortController();
      let newest = true;
      function overtaken() {
        newest = false;
        resolve(null);
        stop.abort();
      }
      function closed() {
        if (open.get(question.outputs) === overtaken) {
          open.delete(question.outputs);
          acts.delete(question.outputs);
        }
        ofPages.delete(overtaken);
      }
      open.set(question.outputs, overtaken);
      if (page) ofPages.add(overtaken);
      answerTo(question, stop.signal).then(function (answer) {
        if (page && isLeft()) return null;
        if (newest && page && answer.ok === false) sayUnanswered();
        if (!newest || typeof answer !== "string") return answer;
        const { outputs, beside } = bridge.readAnswer(answer);
        learn(question, outputs, beside);
        if (page) readdress(page, question, outputs);
        // Dash draws what could not be drawn ahead of it, or says why not.
        const done = window.answers.show(outputs).catch(console.error).then(() => answer);
        if (page) getBack(page, question, before);
        // Dash writes what an answer sets over what was set before.
        window.questions.shown = done.then(() => new Promise((go) => setTimeout(go, 50)));
        return done;
      }).then(
        function (answer) { closed(); resolve(answer); },
        function (problem) {
          closed();
          if (newest && page) sayUnanswered();
          reject(problem);
        }
      );
    });
  });
})();
