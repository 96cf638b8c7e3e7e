/* The filters of the left rail (components/rail.py): they show what the last answer says, and what
   is chosen in them goes into the page's address, which asks the page's callback. */
(function () {
  "use strict";
  const { asksAhead, near, whenIdle, DWELL } = window.common;
  const SETTLED = 250;  // ms; a slider moved with the keys passes many values
  let query = "";  // of the last answer that says what is chosen
  let latest = "";  // of the last answer
  let said = "";  // the address that says what is chosen now
  let wanted = 0;  // number of the question that says what is chosen now
  let wantedOn = "";  // path of the page it is asked on
  let timer = null;
  const editing = new Set();  // ranges that are typed or dragged and not yet asked

  const groups = () => Array.from(document.querySelectorAll(".rail [data-column]"));
  const find = (group, kind, end) => group.querySelector('input[type="' + kind + '"].' + end);

  const shown = new WeakMap();  // range -> what the last answer said of it

  /* --- what is typed ------------------------------------------------------------------------ */

  /* A number as typed, with a decimal point or comma; NaN for what is none. */
  function read(text) {
    const plain = text.trim();
    const point = plain.includes(".") ? plain : plain.replace(",", ".");
    return /^[-+\u2212]?(\d+\.?\d*|\.\d+)$/.test(point) ? Number(point.replace("\u2212", "-")) : NaN;
  }

  const ENDS = ["low", "high"];
  const brief = (text) => text.length > 20 ? text.slice(0, 20) + "\u2026" : text;

  /* What of a range cannot be used: {words, ends}; {} where all is well. */
  function problems(group) {
    const texts = ENDS.map((end) => find(group, "text", end).value);
    const wrong = ENDS.filter((end, i) => texts[i].trim() !== "" && isNaN(read(texts[i])));
    if (wrong.length) {
      const cited = wrong.map((end) => "\u201c" + brief(find(group, "text", end).value.trim()) + "\u201d");
      return {
        ends: wrong,
        words: cited.join(" and ") + (wrong.length > 1 ? " are not numbers." : " is not a number.") +
          " Enter a number, or leave the field empty for no limit."
      };
    }
    const [low, high] = typed(group);
    if (low <= high) return {};
    return {
      ends: ENDS,
      words: "The range starts at " + low + " and ends at " + high +
        ", so no patient is in it. Enter the lower number first."
    };
  }

  /* The two ends of a range; an emptied field leaves that end open. */
  function typed(group) {
    const range = group.querySelector("[data-low]");
    return ENDS.map(function (end) {
      const text = find(group, "text", end).value;
      return text.trim() === "" ? Number(range.dataset[end]) : read(text);
    });
  }

  function mark(group, problem) {
    group.querySelector(".field-error").textContent = problem.words || "";
    for (const end of ENDS) {
      const wrong = (problem.ends || []).includes(end);
      find(group, "text", end).setAttribute("aria-invalid", String(wrong));
    }
  }

  /* --- what is shown ------------------------------------------------------------------------ */

  function fill(slider) {
    const [low, high] = slider.querySelectorAll("input");
    const share = (input) =>
      100 * (input.value - input.min) / (input.max - input.min || 1) + "%";
    slider.style.setProperty("--from", share(low));
    slider.style.setProperty("--to", share(high));
  }

  /* The handles stand where the fields say, if those can be used. */
  function follow(group) {
    const problem = problems(group);
    mark(group, problem);
    if (problem.words) return;
    typed(group).forEach((value, i) => { find(group, "range", ENDS[i]).value = String(value); });
    fill(group.querySelector(".slider"));
  }

  const number = new Intl.NumberFormat("en-US");

  function show(group, state, boxes) {
    if (state.counts) {
      group.querySelectorAll(".count").forEach(function (place, i) {
        const count = number.format(state.counts[i]);
        if (place.textContent !== count) place.textContent = count;
      });
      if (!boxes) return;
      group.querySelectorAll("label input").forEach(function (box) {
        box.checked = state.chosen.includes(box.value);
      });
    } else if (boxes) {
      // What cannot be used stays in its field until something else is chosen here.
      const now = JSON.stringify(state);
      if (editing.has(group) || (shown.get(group) === now && problems(group).words)) return;
      shown.set(group, now);
      ["low", "high"].forEach(function (end, i) {
        for (const kind of ["range", "text"]) {
          find(group, kind, end).value = String(state.range[i]);
        }
      });
      mark(group, {});
      const missing = group.querySelector(".missing");
      if (missing) missing.checked = state.missing;
      fill(group.querySelector(".slider"));
    }
  }

  document.addEventListener("rail", function (event) {
    // Boxes that were changed since this answer's question stay as they are.
    const newest = window.questions.asked >= wanted || window.location.pathname !== wantedOn;
    latest = event.detail.query;
    if (newest) query = said = event.detail.query;
    for (const group of groups()) {
      const state = event.detail.filters[group.dataset.column];
      if (state) show(group, state, newest);
    }
    // Those out of the window are not laid out with the answer: whoever scrolls or tabs to them waits less.
    whenIdle(() => groups().forEach((group) => group.lastElementChild.offsetHeight));
  });

  /* --- what is chosen ----------------------------------------------------------------------- */

  /* A column's values in the address; [] when everyone passes (components/rail.py range_values). */
  function chosen(group) {
    const range = group.querySelector("[data-low]");
    if (!range) {
      return Array.from(group.querySelectorAll("input:checked"), (box) => box.value);
    }
    // The last range that could be used stays.
    if (problems(group).words) {
      return new URLSearchParams(query).getAll("f." + group.dataset.column);
    }
    const lowest = Number(range.dataset.low);
    const highest = Number(range.dataset.high);
    const [low, high] = typed(group);
    const missing = group.querySelector(".missing");
    if (low <= lowest && high >= highest && (!missing || missing.checked)) return [];
    return [low + ".." + high].concat(missing && missing.checked ? [""] : []);
  }

  /* As services/views/study.py encode writes it. */
  function quote(text) {
    return encodeURIComponent(text)
      .replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase())
      .replace(/%3A/g, ":").replace(/%20/g, "+");
  }

  function address(all) {
    const parts = query.replace(/^\?/, "").split("&").filter(Boolean);
    const kept = parts.filter((part) => !part.startsWith("f."));
    const filters = new Map();
    const drawn = new Set();
    for (const group of all) {
      drawn.add(quote("f." + group.dataset.column));
      filters.set(group.dataset.column, chosen(group));
    }
    const columns = Array.from(filters.keys()).sort();
    const written = columns.flatMap((column) =>
      filters.get(column).map((value) => quote("f." + column) + "=" + quote(value)));
    // Filters without controls here stay.
    const others = all.length
      ? parts.filter((part) => part.startsWith("f.") && !drawn.has(part.split("=")[0]))
      : [];
    const whole = kept.concat(others, written);
    return whole.length ? "?" + whole.join("&") : "";
  }

  const answered = (search) => ({
    query: query,
    columns: groups().map((group) => group.dataset.column),
    filtered: search
  });

  const sorted = (search) => search.replace(/^\?/, "").split("&").sort().join("&");
  const alike = (one, other) => sorted(one) === sorted(other);

  let checking = null;

  /* Once the page rests after a filter, its boxes, its numbers and its address say the same: what was lost
     on the way (Dash drops a question where another comes in the same moment) is asked again, once. */
  function check(search, reset, pathname, rested) {
    clearTimeout(checking);
    checking = setTimeout(function () {
      if (window.location.pathname !== pathname) return;
      const typing = document.activeElement.matches('.rail [data-column] input[type="text"]');
      const still = !typing && window.questions.resting();
      if (!still || !rested) {
        check(search, reset, pathname, still);
        return;
      }
      query = latest;
      const stands = window.location.search !== search || alike(search, latest);
      if (stands && alike(address(reset ? [] : groups()), latest)) return;
      said = null;
      ask(reset, true);
    }, SETTLED);
  }

  function settle() {
    timer = null;
    ask(false);
  }

  function ask(reset, again) {
    editing.clear();
    const rail = document.querySelector(".rail");
    if (!rail || window.questions.isLeft()) return;
    const search = address(reset ? [] : groups());
    if (search === said) return;
    said = search;
    wanted = Infinity;  // until it is asked
    // With it goes that the filters wrote this address: other controls still say what they say.
    const told = answered(search);
    const page = rail.dataset.page;
    window.questions.ahead(page, search, told);  // Dash takes a while until it asks
    const before = window.questions.shown;
    const { pathname } = window.location;
    wantedOn = pathname;
    if (!again) check(search, reset, pathname, false);
    window.questions.show(page, search, told).then(() => before).then(function () {
      if (said !== search) return;  // something else was chosen meanwhile
      wanted = rail.isConnected ? window.questions.asked + 1 : 0;
      if (!rail.isConnected || window.location.pathname !== pathname) return;  // its page was left
      const stands = () => said === search && rail.isConnected && window.location.pathname === pathname;
      window.questions.expect(page, search, function () {
        if (!stands()) return;
        wanted = Infinity;  // the answer to that question says nothing of the boxes
        setTimeout(function () {
          if (!stands()) return;
          query = latest;
          said = null;
          ask(reset);
        }, 0);
      });
      window.dashBridge.set(page + "-answered", { data: told });
      window.dashBridge.set(page + "-address", { search: search });
    });
  }

  /* On narrow screens the filters cover what they change: the way back to it. */
  document.addEventListener("click", function (event) {
    if (!near(event, "[data-show]")) return;
    const toggle = document.getElementById("rail-toggle");
    document.getElementById("rail-body").classList.remove("open");  // Dash follows later
    if (toggle.getAttribute("aria-expanded") === "true") toggle.click();
    document.getElementById("main").scrollIntoView();
  });

  const inFilter = (event) => near(event, ".rail [data-column]");

  // What was typed last goes with the reader to another page: it is asked before assets/island.js leaves.
  document.addEventListener("click", function (event) {
    if (timer === null || !near(event, "#tabs a")) return;
    clearTimeout(timer);
    settle();
  }, true);

  document.addEventListener("input", function (event) {
    const group = inFilter(event);
    const input = event.target;
    if (!group || input.type === "checkbox") return;
    editing.add(group);
    clearTimeout(timer);
    if (input.type !== "range") return;
    const end = input.classList.contains("low") ? "low" : "high";
    const other = find(group, "range", end === "low" ? "high" : "low");
    const passed = end === "low" ? Number(input.value) > Number(other.value)
      : Number(input.value) < Number(other.value);
    if (passed) input.value = other.value;
    // The slider's ends stand for the column's own, which may lie between two steps.
    const range = group.querySelector("[data-low]");
    const value = input.value === input.min ? range.dataset.low
      : Number(input.value) >= Number(input.max) ? range.dataset.high
        : String(Number(Number(input.value).toFixed(4)));
    find(group, "text", end).value = value;
    mark(group, problems(group));
    fill(group.querySelector(".slider"));
  });

  document.addEventListener("change", function (event) {
    if (!inFilter(event)) return;
    clearTimeout(timer);
    clearTimeout(resting);
    const group = inFilter(event);
    if (event.target.type === "text") follow(group);
    if (event.target.type === "checkbox") ask(false);
    else timer = setTimeout(settle, SETTLED);
  });

  // What is typed and taken back changes nothing, but may have held back what was typed before.
  document.addEventListener("focusout", function (event) {
    if (!editing.has(inFilter(event))) return;
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLED);
  });

  /* --- ahead -------------------------------------------------------------------------------- */

  let resting = null;

  /* Asks what a box is about to ask, while the finger is on its way down. */
  function ahead(box) {
    const rail = box.closest(".rail");
    if (!rail || !asksAhead()) return;
    box.checked = !box.checked;
    const search = address(groups());
    box.checked = !box.checked;
    window.questions.ahead(rail.dataset.page, search, answered(search));
  }

  function rests(event) {
    // Focus comes with a click as well; that one was seen already.
    if (event.type === "focusin" && !event.target.matches(":focus-visible")) return;
    clearTimeout(resting);
    const row = inFilter(event) && near(event, ".option-row");
    const box = row && row.querySelector('input[type="checkbox"]');
    if (box) resting = setTimeout(ahead, event.type === "pointerover" ? DWELL : 0, box);
  }

  document.addEventListener("pointerover", rests);
  document.addEventListener("pointerdown", rests);
  document.addEventListener("focusin", rests);

  document.addEventListener("click", function (event) {
    if (!near(event, ".rail [data-reset]")) return;
    clearTimeout(timer);  // what was typed before is reset too
    for (const group of groups()) {
      for (const box of group.querySelectorAll('input[type="checkbox"]')) {
        box.checked = box.classList.contains("missing");
      }
      const range = group.querySelector("[data-low]");
      if (!range) continue;
      ENDS.forEach((end) => { find(group, "text", end).value = range.dataset[end]; });
      follow(group);
    }
    ask(true);
  });
})();
