(function () {
  "use strict";
  /* Light or dark, wide or narrow: told in cookies, so that a page's content is asked for as it is to
     be, and that right away. The only script in a page itself (callbacks/dash_app.py).
     `site`: addresses of this site, which may lie under a path (callbacks/serving/proxy.py). */
  const root = document.documentElement.dataset.root ? "/" + document.documentElement.dataset.root : "";
  window.site = {
    at: (path) => root + path,
    inside: (path) => (root && (path + "/").startsWith(root + "/") ? path.slice(root.length) || "/" : path)
  };
  const write = (name, value, more) => {
    document.cookie = `${name}=${value}; path=${root}/; SameSite=Lax${more || ""}`;
  };
  function tell() {
    const chosen = (document.cookie.match("(?:^|; )scheme-chosen=([^;]*)") || [])[1];
    const scheme = chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const narrow = matchMedia("(max-width: 700px)").matches;
    const tablet = matchMedia("(max-width: 960px)").matches;
    document.documentElement.dataset.scheme = scheme;
    write("scheme", scheme);
    write("narrow", narrow ? "1" : "0");
    write("tablet", tablet ? "1" : "0");
    return { scheme, narrow, tablet };
  }
  window.screenOf = { tell, choose: (scheme) => write("scheme-chosen", scheme, "; max-age=31536000") };
  tell();
  /* What is folded on narrow screens (assets/fold.js) is open on wide ones before it is first painted:
     nothing jumps. Once each: what the reader folds stays folded. */
  const wide = matchMedia("(min-width: 701px)");
  function unfold() {
    if (!wide.matches) return;
    for (const part of document.querySelectorAll("details.fold:not(.kept):not([data-shown])")) {
      part.dataset.shown = "yes";
      part.open = true;
    }
  }
  new MutationObserver(unfold).observe(document.documentElement, { childList: true, subtree: true });
  wide.addEventListener("change", unfold);
  const ahead = document.createElement("link");
  Object.assign(ahead, { rel: "preload", href: window.site.at("/_dash-layout"), as: "fetch", crossOrigin: "anonymous" });
  document.head.appendChild(ahead);
})();
