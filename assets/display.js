/* Light or dark, wide or narrow: kept in cookies so that the server's first answer fits. */
(function () {
  "use strict";
  const bridge = window.dashBridge;
  const YEAR = 31536000;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const narrow = window.matchMedia("(max-width: 700px)");

  const read = (name) => (document.cookie.match("(?:^|; )" + name + "=([^;]*)") || [])[1];
  const write = (name, value, seconds) => {
    document.cookie = name + "=" + value + "; path=/; SameSite=Lax" +
      (seconds ? "; max-age=" + seconds : "");
  };
  const chosen = () => read("scheme-chosen");
  const scheme = () => chosen() || (dark.matches ? "dark" : "light");

  function show() {
    write("scheme", scheme());
    write("narrow", narrow.matches ? "1" : "0");
    document.documentElement.setAttribute("data-scheme", scheme());
  }

  function tell() {
    show();
    bridge.set("display", { data: { scheme: scheme(), narrow: narrow.matches } });
  }

  /* The browser's tab says the page: "Safety · E3A06: lenalidomide ... · SMM Outcomes". */
  function title() {
    const head = document.querySelector("main h1");
    const tab = document.querySelector(".tabs .page-tab-open");
    const parts = [tab, head].filter(Boolean).map((e) => e.textContent).concat("SMM Outcomes");
    if (head && document.title !== parts.join(" · ")) document.title = parts.join(" · ");
  }
  new MutationObserver(title).observe(document.documentElement, { childList: true, subtree: true });

  show();
  dark.addEventListener("change", tell);
  narrow.addEventListener("change", tell);

  bridge.provide("display", {
    toggleScheme: function (clicks, data) {
      if (!clicks) return bridge.unchanged();
      write("scheme-chosen", scheme() === "dark" ? "light" : "dark", YEAR);
      show();
      return Object.assign({}, data, { scheme: scheme() });
    },
    toggleRail: function (clicks) {
      const open = Boolean(clicks % 2);
      document.getElementById("rail-body").classList.toggle("open", open);
      return String(open);
    }
  });
})();
