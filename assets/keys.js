/* The key of an upload: shown once, kept by this browser, sent with what corrects or deletes the
   study. Where it is not known, the buttons stay hidden (components/upload/keys.py). */
(function () {
  "use strict";
  const { copy, element, near } = window.common;
  const upload = (id) => window.smmUploads.list().find((u) => u.id === id) || {};

  /* What a request says of the key in a record of an upload. */
  const headers = (record) => (record && record.key ? { "Study-Key": record.key } : {});

  function note(key) {
    const box = element("div", "", { class: "notice key-note" });
    const line = element("p");
    line.append(
      element("code", key),
      element("button", "Copy the key", { type: "button", class: "plain-button", "data-copy-key": key })
    );
    box.append(
      element("strong", "Keep the key of this study"),
      element("p", "Anyone with the link can see the study. Correcting or deleting it takes this key. This"
        + " browser keeps it; copy it if you may want to do so elsewhere. It is not shown again."),
      line
    );
    return box;
  }

  function question(id, needed) {
    const box = element(needed ? "div" : "details", "", { class: "key-question" + (needed ? " notice" : "") });
    const form = element("form", "", { class: "upload-actions", "data-use-key": id });
    const label = element("label", "Key, shown when the study was uploaded ");
    label.append(element("input", "", {
      type: "text", class: "field-box", autocomplete: "off", spellcheck: "false", maxlength: "64", size: "34"
    }));
    form.append(label, element("button", "Use this key", { type: "submit", class: "plain-button" }),
      element("span", "", { role: "alert" }));
    if (needed) {
      box.append(element("strong", "Saving takes the key of this study"),
        element("p", "This browser does not have it. You can look at the columns and try other choices; to save"
          + " them, or to delete the study, enter the key that was shown when it was uploaded."));
    } else box.append(element("summary", "Correct or delete this study"));
    box.append(form);
    return box;
  }

  function fill(place) {
    const own = upload(place.dataset.keyOf);
    const shows = own.key ? (own.fresh ? "new" : "known") : "unknown";
    const before = place.dataset.shows;
    // What is shown once stands until the page is left.
    if (before === shows || (before === "new" && shows === "known")) return;
    place.dataset.shows = shows;
    place.replaceChildren(...(shows === "new" ? [note(own.key)]
      : shows === "unknown" ? [question(place.dataset.keyOf, "keyNeeded" in place.dataset)] : []));
    // The words that come before Dash are replaced by its own: not seen until then.
    if (shows === "new" && place.closest("#page")) window.smmUploads.seen(own.id);
  }
  function show() {
    document.querySelectorAll("[data-needs-key]").forEach((part) => {
      part.classList.toggle("hidden", !upload(part.dataset.needsKey).key);
    });
    document.querySelectorAll("[data-key-of]").forEach(fill);
  }

  function use(form) {
    const id = form.dataset.useKey;
    const place = form.closest("[data-key-of]");
    const alert = form.querySelector("[role=alert]");
    const key = form.querySelector("input").value.trim().toLowerCase();
    const wrong = () => { alert.textContent = "This is not the key of this study."; };
    if (!/^[0-9a-f]{32}$/.test(key)) { wrong(); return; }
    fetch(window.site.at("/study/" + id + "/key"), { method: "POST", headers: headers({ key }) }).then((answer) => {
      if (answer.status === 403) { wrong(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      window.smmUploads.remember({
        id: id, title: place.dataset.title || "Uploaded study",
        subjects: Number(place.dataset.subjects), expires: null, key: key
      });
      window.smmUploads.show();
    }).catch(() => { alert.textContent = "The key could not be checked. Try again."; });
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.useKey) return;
    event.preventDefault();
    use(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = near(event, "[data-copy-key]");
    if (button) copy(button, button.dataset.copyKey, "Key copied");
  });
  // What is chosen for the columns of an upload is kept by a callback.
  window.dashBridge.sendWith(() => {
    const page = /\/upload\/([0-9a-f]{32})/.exec(location.pathname);
    return page ? headers(upload(page[1])) : {};
  });

  window.smmKeys = { headers, note, show };
})();
