/* The view that a reader pins on a page of studies, kept in this browser, one for each page; the next
   is set against it on /compare. What comes from storage was written by anyone: it is checked. */
(function () {
  "use strict";
  const { element, near } = window.common;
  const KEY = "smm-pins";
  const PAGE = /^\/study\/[^/?]+\/([a-z-]+)\/?(?:\?|$)/;
  const LONGEST = 8000;  // of an address
  const PINNED = "Pinned. Change something, or open another study; then choose “Compare” at the top.";
  const SAME = "This is the pinned view. Change something first, or open another study.";
  const memory = {};  // where the browser keeps nothing

  const pageOf = (address) => (PAGE.exec(address) || [])[1];
  const here = () => window.location.pathname + window.location.search;

  function read() {
    let kept = memory;
    try { kept = JSON.parse(localStorage.getItem(KEY) || "{}") || {}; } catch { /* memory */ }
    const pin = kept[pageOf(here())];
    const address = pin ? window.basket.inside(pin.address) : "";
    if (!address || address.length > LONGEST || pageOf(address) !== pageOf(here())) return null;
    return { address: address, title: String(pin.title).slice(0, 200) };
  }

  function write(pin) {
    const page = pageOf(here());
    if (!page) return;
    memory[page] = pin;
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) || "{}") || {};
      localStorage.setItem(KEY, JSON.stringify(Object.assign(kept, { [page]: pin })));
    } catch { /* memory */ }
    show();
  }

  function button(words, does) {
    return element("button", words, { type: "button", class: "plain-button", "data-pin-does": does });
  }

  /* What is pinned, above the page; React may keep its place from one page to the next. */
  function show() {
    document.querySelectorAll("[data-pins]").forEach(function (place) {
      const pin = read();
      const said = pin ? pin.address + pin.title : "";
      if ((place.dataset.said || "") === said) return;
      place.dataset.said = said;
      if (!pin) return place.replaceChildren();
      const view = element("span", "Pinned: ");
      view.append(element("a", pin.title, { href: pin.address, "data-internal": "true" }));
      place.replaceChildren(view, button("Compare with this view", "compare"), button("Unpin", "unpin"),
        element("span", "", { role: "status", class: "copied" }));
    });
  }

  function compare(place) {
    const pin = read();
    if (!pin || pin.address === here()) {
      place.querySelector("[role=status]").textContent = SAME;
      return;
    }
    const query = [["a", pin.address], ["b", here()]].map((pair) => pair[0] + "=" + encodeURIComponent(pair[1]));
    window.dashBridge.open(window.site.at("/compare?" + query.join("&")));
    window.scrollTo(0, 0);
  }

  document.addEventListener("click", function (event) {
    const pin = near(event, "[data-pin]");
    const asked = near(event, "[data-pin-does]");
    if (pin) {
      write({ address: here(), title: window.basket.usual(pin) });
      pin.closest(".take-away-row").querySelector("[role=status]").textContent = PINNED;
    } else if (asked && asked.dataset.pinDoes === "unpin") {
      write(null);
    } else if (asked) {
      compare(asked.closest("[data-pins]"));
    }
  });
  window.addEventListener("storage", show);
  new MutationObserver(show).observe(document.documentElement, { childList: true, subtree: true });
})();
