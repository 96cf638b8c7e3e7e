/* Light or dark, wide or narrow, as it changes; what the browser's tab says. */
(function () {
  "use strict";
  const bridge = window.dashBridge;
  const { tell, choose } = window.screenOf;  // assets/head/screen.js

  /* The browser's tab says the page: "Safety · E3A06: lenalidomide ... · SMM Outcomes". */
  let shown = null;
  function title() {
    const head = document.querySelector("main h1");
    const tab = document.querySelector(".tabs .page-tab-open");
    if (tab && tab !== shown) show(tab);
    const parts = [tab, head].filter(Boolean).map((e) => e.textContent).concat("SMM Outcomes");
    if (head && document.title !== parts.join(" · ")) document.title = parts.join(" · ");
  }
  /* On a phone the tabs are wider than the window. */
  function show(tab) {
    shown = tab;
    const strip = tab.closest(".tabs");
    const beyond = tab.getBoundingClientRect().right - strip.getBoundingClientRect().right;
    if (beyond > 0) strip.scrollLeft += beyond + 16;
  }
  new MutationObserver(title).observe(document.documentElement, { childList: true, subtree: true });

  /* Once for what is really another: a window can be back before its browser says that it changed. */
  let told = JSON.stringify(tell());
  function changed() {
    const data = tell(), text = JSON.stringify(data);
    if (text !== told) bridge.set("display", { data });
    told = text;
  }
  for (const query of ["(prefers-color-scheme: dark)", "(max-width: 700px)", "(max-width: 960px)"]) {
    window.matchMedia(query).addEventListener("change", changed);
  }

  bridge.provide("display", {
    toggleScheme: function (clicks) {
      if (!clicks) return bridge.unchanged();
      choose(tell().scheme === "dark" ? "light" : "dark");
      const data = tell();
      told = JSON.stringify(data);
      return data;
    },
    toggleRail: function (clicks) {
      const open = Boolean(clicks % 2);
      document.getElementById("rail-body").classList.toggle("open", open);
      return String(open);
    }
  });
})();
