/* The views that a reader pins for a report: kept in this browser, or packed into an address. What
   comes from storage or from an address was written by anyone: it is checked, item by item. */
(function () {
  "use strict";
  const { element, near } = window.common;
  const KEY = "smm-report";
  const MOST = 40;
  const LONGEST = { title: 200, comment: 2000, address: 8000 };
  const PAGES = /^\/(evidence|risk|methods|compare|study\/[\w.%-]+(\/[a-z-]+)?)?\/?$/;
  const FULL = "A report holds " + MOST + " views. Remove one before you add another.";
  const UNKEPT = "This browser keeps nothing more, for its storage is full or turned off: the report"
    + " lasts until this page is closed. Its address keeps it: copy that.";
  const listeners = [];
  let memory = null;  // the report, where the browser keeps none

  const count = (n) => n + (n === 1 ? " view" : " views");
  const text = (value, most) => (typeof value === "string" ? whole(straight(value).slice(0, most)) : "");
  // Half a sign outside the first 65,536, as a cut leaves it, can stand in no address.
  const whole = (value) => value.replace(/\p{Surrogate}/gu, "");
  const name = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 8);

  /* Nothing turns around letters, or the words after it: `straight` of services/names.py. */
  function straight(value) {
    const found = value.replace(/[\u202a-\u202e]/g, "");
    const opened = found.match(/[\u2066-\u2068]/g) || [];
    return opened.length === (found.match(/\u2069/g) || []).length ? found : found.replace(/[\u2066-\u2069]/g, "");
  }

  /* Path and query of a page of this site that has something to show; "" for anything else. */
  function inside(address) {
    if (typeof address !== "string" || !/^\/(?![/\\])/.test(address)) return "";
    if (address.length > LONGEST.address || !URL.canParse(address, window.location.origin)) return "";
    const url = new URL(address, window.location.origin);
    const path = window.site.inside(url.pathname);
    return url.origin === window.location.origin && PAGES.test(path) ? path + url.search : "";
  }

  /* A report of what can be used of another, and the addresses that cannot. */
  function checked(report) {
    const given = report && Array.isArray(report.items) ? report.items.filter(Boolean) : [];
    const seen = new Set();
    const once = (id) => (id && !seen.has(id) && seen.add(id) ? id : name());
    const items = given.filter((one) => inside(one.address)).map((one) => ({
      id: once(text(one.id, 40)),
      address: inside(one.address),
      title: text(one.title, LONGEST.title),
      comment: text(one.comment, LONGEST.comment)
    }));
    return {
      title: text(report && report.title, LONGEST.title),
      items: items.slice(0, MOST),
      left: given.flatMap((one, k) => (inside(one.address) ? []
        : [`item ${k + 1}: ` + (straight(String(one.address || "")).slice(0, 60) || "no address")])),
      over: Math.max(0, items.length - MOST)
    };
  }

  function read() {
    if (memory) return checked(memory);
    try {
      return checked(JSON.parse(localStorage.getItem(KEY) || "{}"));
    } catch {
      return checked({});
    }
  }

  function write({ title, items }) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ title: title, items: items }));
      memory = null;
    } catch {
      memory = { title: title, items: items };
    }
    tell();
  }

  /* Read anew each time: another tab may have added something. */
  function change(how) {
    const report = read();
    how(report);
    write(report);
  }

  const pack = ({ title, items }) => [["title", title]]
    .concat(items.flatMap((one) => [["item", one.address], ["name", one.title], ["comment", one.comment]]))
    .filter((pair) => pair[1])
    .map((pair) => pair[0] + "=" + encodeURIComponent(pair[1])).join("&");

  function unpack(fragment) {
    const report = { title: "", items: [] };
    for (const [key, value] of new URLSearchParams(fragment.replace(/^#/, ""))) {
      const last = report.items[report.items.length - 1];
      if (key === "item") report.items.push({ address: value, title: "", comment: "" });
      else if (key === "title") report.title = value;
      else if (last && key === "name") last.title = value;
      else if (last && key === "comment") last.comment = value;
    }
    return checked(report);
  }

  // --- how many there are, beside the link to them ----------------------------------------------
  function showCount() {
    const links = document.querySelectorAll(`.header a[href="${window.site.at("/report")}"]`);
    if (!links.length) return;
    const number = String(read().items.length);
    links.forEach(function (link) {
      if (link.dataset.count === number) return;
      link.dataset.count = number;
      link.setAttribute("aria-label", number === "0" ? "Report" : "Report, " + count(Number(number)));
    });
  }
  new MutationObserver(showCount).observe(document.documentElement, { childList: true, subtree: true });

  function tell() {
    showCount();
    listeners.forEach((listener) => listener());
  }
  window.addEventListener("storage", function (event) {
    if (event.key === KEY || event.key === null) tell();
  });

  // --- adding the view that is open --------------------------------------------------------------
  const address = () => inside(window.location.pathname + window.location.search);

  /* "E3A06: Survival, Progression-free survival" */
  function usual(button) {
    const said = (selector) => (document.querySelector(selector) || { textContent: "" }).textContent.trim();
    const tab = said(".tabs .page-tab-open");
    const page = tab ? said(".picker-name") + ": " + tab : said("main h1");
    return [page, button.dataset.addReport || button.dataset.pin].filter(Boolean).join(", ").slice(0, LONGEST.title);
  }

  function say(button, words, linked) {
    const place = button.closest(".take-away-row").querySelector("[role=status]");
    place.replaceChildren(words);
    if (linked) place.append(" ", element("a", "Open the report", { href: window.site.at("/report"), "data-internal": "true" }));
  }

  function field(label, made) {
    const box = element("label", label, { class: "basket-field" });
    made.className = "field-box";
    box.append(made);
    return box;
  }

  function ask(button) {
    const there = read().items;
    if (there.length >= MOST) return say(button, FULL, true);
    const dialog = element("dialog", "", { class: "ask", "aria-labelledby": "basket-head" });
    const form = element("form");
    const title = element("input", "", { type: "text", maxlength: LONGEST.title, autocomplete: "off" });
    const comment = element("textarea", "", { rows: 3, maxlength: LONGEST.comment });
    title.value = usual(button);
    const actions = element("div", "", { class: "upload-actions" });
    const no = element("button", "Cancel", { type: "button", class: "plain-button" });
    actions.append(element("button", "Add", { type: "submit", class: "main-button" }), no);
    form.append(element("h2", "Add this view to the report", { id: "basket-head" }));
    const same = there.findIndex((one) => one.address === address());
    if (same >= 0) form.append(element("p", "It is there already, as item " + (same + 1) + "."));
    form.append(field("Title", title), field("Comment (optional)", comment), actions);
    dialog.append(form);
    document.body.append(dialog);
    dialog.addEventListener("close", function () {
      dialog.remove();
      if (button.isConnected) button.focus();
    });
    no.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      dialog.close();
      let full = false;
      change(function (report) {
        full = report.items.length >= MOST;
        if (full) return;
        report.items.push({
          id: name(), address: address(), title: title.value.trim() || usual(button), comment: comment.value.trim()
        });
      });
      if (full) say(button, FULL, true);
      else say(button, memory ? UNKEPT : "Added: the report has " + count(read().items.length) + ".", true);
    });
    dialog.showModal();
    title.select();
    return undefined;
  }
  document.addEventListener("click", function (event) {
    const button = near(event, "[data-add-report]");
    if (button) ask(button);
  });

  window.basket = {
    MOST, LONGEST, count, read, write, change, pack, unpack, inside, usual,
    trouble: () => (memory ? UNKEPT : ""),
    listen: (listener) => listeners.push(listener)
  };
})();
