/* The page of the report: its items in order, to be moved, renamed, commented and removed. A report
   that comes in the address is shown as it is; the reader's own stays until they say otherwise. */
(function () {
  "use strict";
  const { element, near } = window.common;
  const basket = window.basket;
  const $ = (id) => document.getElementById(id);
  let shared = null;  // what the address holds, if that is not the reader's own
  let making = null;  // ends the file that is being made
  let later = 0;

  const shown = () => shared || basket.read();
  const called = (item) => "“" + (item.title || "Without a title") + "”";
  const button = (words, attributes) =>
    element("button", words, Object.assign({ type: "button", class: "text-button" }, attributes));

  /* Says what was done, and how to undo it. */
  function say(words, undo) {
    const place = $("report-said");
    place.replaceChildren(words);
    if (!undo) return;
    const back = button("Undo");
    back.addEventListener("click", function () {
      undo();
      $("report-title").focus();
    });
    place.append(" ", back);
    back.focus();
  }

  // --- the address -------------------------------------------------------------------------------
  function sync() {
    if (window.location.pathname !== window.site.at("/report") || shared) return;
    const packed = basket.pack(basket.read());
    const wanted = window.site.at("/report") + (packed ? "#" + packed : "");
    window.history.replaceState(window.history.state, "", wanted);
  }
  function syncSoon() {
    window.clearTimeout(later);
    later = window.setTimeout(sync, 400);
  }

  // --- items -------------------------------------------------------------------------------------
  function own(item, k, n) {
    const line = element("li", "", { class: "report-item", "data-item": item.id });
    const title = element("input", "", {
      type: "text", class: "field-box", "data-part": "title", maxlength: basket.LONGEST.title,
      "aria-label": `Title of item ${k + 1}`
    });
    const comment = element("textarea", "", {
      class: "field-box", "data-part": "comment", rows: 2, maxlength: basket.LONGEST.comment,
      "aria-label": `Comment on item ${k + 1}`, placeholder: "Comment"
    });
    title.value = item.title;
    comment.value = item.comment;
    const tools = element("div", "", { class: "report-tools" });
    const mover = (words, by) => button(words, {
      "data-move": by, "aria-label": `Move ${called(item)} ${words.toLowerCase()}`,
      "aria-disabled": String(k + by < 0 || k + by >= n)
    });
    tools.append(
      element("a", "Open this view", { href: window.site.at(item.address), "data-internal": "true" }),
      mover("Up", -1), mover("Down", 1),
      button("Remove", { "data-remove": "", "aria-label": "Remove " + called(item) })
    );
    line.append(title, comment, tools);
    return line;
  }

  function theirs(item) {
    const line = element("li", "", { class: "report-item" });
    line.append(element("strong", item.title || "Without a title"));
    if (item.comment) line.append(element("p", item.comment));
    line.append(element("a", "Open this view", { href: window.site.at(item.address), "data-internal": "true" }));
    return line;
  }

  /* What is being typed into keeps the cursor. */
  function keepingFocus(draw) {
    const active = document.activeElement;
    const item = active && active.closest && active.closest("[data-item]");
    const part = item && ["data-part", "data-move", "data-remove"].find((name) => active.hasAttribute(name));
    const selected = part === "data-part" ? [active.selectionStart, active.selectionEnd] : null;
    draw();
    if (!part) return;
    const selector = `[${part}="${active.getAttribute(part)}"]`;
    const again = document.querySelector(`[data-item="${CSS.escape(item.dataset.item)}"] ${selector}`);
    if (!again) return;
    again.focus();
    if (selected) again.setSelectionRange(...selected);
  }

  function head() {
    const place = $("report-head");
    if (!place.firstChild) {
      const label = element("label", "Title of the report", { class: "basket-field" });
      label.append(element("input", "", {
        type: "text", id: "report-title", class: "field-box", maxlength: basket.LONGEST.title,
        autocomplete: "off", placeholder: "Report"
      }));
      place.append(label);
    }
    const title = $("report-title");
    title.readOnly = Boolean(shared);
    if (title !== document.activeElement) title.value = shown().title;
  }

  function secrets(items) {
    const found = items.map((item, k) => (/^\/study\/[0-9a-f]{32}(\/|\?|$)/.test(item.address) ? k + 1 : 0))
      .filter(Boolean);
    if (!found.length) return "";
    const which = found.length === 1 ? "Item " + found[0] + " is" : "Items " + found.join(", ") + " are";
    return which + " of a study you uploaded: whoever gets this address can open it.";
  }

  function render() {
    if (!$("report-items")) return;
    const report = shown();
    const n = report.items.length;
    head();
    keepingFocus(() => $("report-items").replaceChildren(
      ...report.items.map((item, k) => (shared ? theirs(item) : own(item, k, n)))));
    $("report-none").textContent = n ? basket.trouble()
      : "Nothing is in the report yet. Open a page and press “Add to report” below what it shows.";
    $("report-make").classList.toggle("hidden", !n);
    $("report-secret").textContent = secrets(report.items);
    offer();
    syncSoon();
  }

  // --- a report that came in the address ----------------------------------------------------------
  function offer() {
    const place = $("report-shared");
    if (!shared) return place.replaceChildren();
    const mine = basket.read().items.length;
    const box = element("div", "", { class: "notice notice-info" });
    const actions = element("div", "", { class: "upload-actions" });
    const none = !shared.items.length;
    box.append(element("strong", none ? "Nothing of the report in this address can be shown"
      : "This address holds a report of " + basket.count(shared.items.length)));
    const left = shared.left.length;
    if (shared.left.length) {
      const some = shared.left.slice(0, 3).join("; ");
      box.append(element("p", (left === 1 ? "One entry is" : left + " entries are")
        + " left out, for there is no such page here: " + some + "."));
    }
    if (shared.over) box.append(element("p", `A report holds ${basket.MOST} views; ${shared.over} more are left out.`));
    if (!none) box.append(element("p", mine
      ? "Your own report (" + basket.count(mine) + ") stays as it is, unless you choose otherwise."
      : "You see it below. It is not kept in this browser yet."));
    const choices = none ? [["Back to my own report", "leave"]] : mine
      ? [["Add its views to mine", "add"], ["Replace mine with it", "take"], ["Back to my own report", "leave"]]
      : [["Keep it in this browser", "take"], ["Leave it", "leave"]];
    choices.forEach(([words, what]) => actions.append(
      element("button", words, { type: "button", class: "plain-button", "data-offer": what })));
    box.append(actions);
    return place.replaceChildren(box);
  }

  function decide(what) {
    const before = basket.read();
    const given = shared;
    if (what === "add" && before.items.length + given.items.length > basket.MOST) {
      return say(`Together they would be ${before.items.length + given.items.length} views;`
        + ` a report holds ${basket.MOST}. Remove some of yours first.`);
    }
    shared = null;
    if (what === "take") basket.write(given);
    else if (what === "add") basket.change((report) => { report.items.push(...given.items); });
    else render();
    if (what === "take" && before.items.length) {
      say("Your report was replaced.", () => { basket.write(before); say("Your own report is back."); });
    } else {
      say({ take: "It is kept in this browser.", add: "Its views are added to yours.", leave: "" }[what]);
      $("report-title").focus();
    }
    return undefined;
  }

  function open() {
    const linked = basket.unpack(window.location.hash);
    const mine = basket.read();
    const empty = !linked.items.length && !linked.left.length;
    const same = !linked.left.length && !linked.over && basket.pack(linked) === basket.pack(mine);
    shared = empty || same ? null : linked;
    const hash = window.location.hash;
    if (hash.length > 1 && empty && !linked.title && !$(hash.slice(1))) {
      say("What follows “#” in the address is no report that can be read: your own is shown.");
    }
    render();
  }

  // --- what the reader does ------------------------------------------------------------------------
  function move(id, by) {
    let now = -1;
    let item = null;
    basket.change(function ({ items }) {
      const k = items.findIndex((one) => one.id === id);
      if (k < 0 || k + by < 0 || k + by >= items.length) return;
      [item] = items.splice(k, 1);
      items.splice(k + by, 0, item);
      now = k + by;
    });
    if (item) say(`${called(item)} is now item ${now + 1} of ${basket.read().items.length}.`);
  }

  function remove(id) {
    let k = -1;
    let item = null;
    basket.change(function ({ items }) {
      k = items.findIndex((one) => one.id === id);
      if (k >= 0) [item] = items.splice(k, 1);
    });
    if (!item) return;
    say(called(item) + " was removed.", function () {
      const full = basket.read().items.length >= basket.MOST;
      if (!full) basket.change(({ items }) => { items.splice(k, 0, item); });
      say(full ? `The report holds ${basket.MOST} views again: remove one first.` : called(item) + " is back.");
    });
  }

  function problem(title, lines, hint, kind) {
    const place = $("report-problem");
    place.replaceChildren();
    if (!title) return;
    const box = element("div", "", { class: "notice notice-" + (kind || "error") });
    box.append(element("strong", title), ...lines.map((line) => element("p", line)));
    if (hint) box.append(element("p", hint, { class: "hint" }));
    place.append(box);
  }

  async function make(kind) {
    if (making) return;
    making = new AbortController();
    const report = shown();
    problem("");
    $("report-status").textContent = "";
    $("report-progress").classList.remove("hidden");
    $("report-cancel").focus();
    function progress(words, k, n) {
      if (!$("report-stage")) return;  // the page was left: the file comes all the same
      $("report-stage").textContent = words;
      $("report-bar").max = n + 1;
      $("report-bar").value = k;
    }
    const again = () => document.querySelector(`[data-make-report="${kind}"]`);
    try {
      const missing = await window.reportFiles.make(kind, report, progress, making.signal);
      if (!again()) return;
      if (missing.length) problem("The file is made, but not all of it", missing, "", "info");
      $("report-status").textContent = "The file is saved.";
    } catch (error) {
      if (!again()) return;
      if (making.signal.aborted) $("report-status").textContent = "Canceled. No file was made.";
      else problem("There is no file", [error.message, ...(error.details || [])], error.hint);
    } finally {
      making = null;
      if (again()) {
        $("report-progress").classList.add("hidden");
        again().focus();
      }
    }
  }

  document.addEventListener("click", function (event) {
    const pressed = near(event, ".report-page button");
    if (!pressed) return;
    const item = pressed.closest("[data-item]");
    const { move: by, offer: what, makeReport: kind } = pressed.dataset;
    if (by && pressed.getAttribute("aria-disabled") !== "true") move(item.dataset.item, Number(by));
    else if ("remove" in pressed.dataset) remove(item.dataset.item);
    else if (what) decide(what);
    else if (kind) make(kind);
    else if (pressed.id === "report-cancel" && making) making.abort();
    else if (pressed.id === "report-copy") {
      sync();
      window.figures.copy(window.location.href)
        .then(() => say("Address copied."), (error) => say(error.message));
    }
  });

  document.addEventListener("input", function (event) {
    const item = near(event, "[data-item]");
    const { id, value, dataset } = event.target;
    if (id === "report-title") basket.change((report) => { report.title = value; });
    else if (item && dataset.part) {
      basket.change(function ({ items }) {
        const found = items.find((one) => one.id === item.dataset.item);
        if (found) found[dataset.part] = value;
      });
    }
  });

  basket.listen(render);
  window.addEventListener("hashchange", () => { if ($("report-items")) open(); });
  new MutationObserver(function () {
    const place = $("report-items");
    if (!place || place.dataset.ready || place.closest("#first-words")) return;
    place.dataset.ready = "1";
    open();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
