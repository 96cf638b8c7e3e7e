/* Uploads: drop or choose files, send them with progress, cancel; the list of this
   browser's own uploads. Works on whatever page has the elements; the server lists uploads to
   nobody. */
(function () {
  "use strict";
  const { copy, element, near, recall, store } = window.common;
  const KEY = "smm-uploads";
  const $ = (id) => document.getElementById(id);
  let files = [];
  let request = null;
  let timer = 0;

  // --- what this browser uploaded ---------------------------------------------------------
  const remembered = () => recall(KEY).filter((u) => !(Date.parse(u.expires) < Date.now()));
  const keep = (list) => store(KEY, list);  // whether it lasts
  function remember(upload) {
    return keep([upload].concat(remembered().filter((u) => u.id !== upload.id)).slice(0, 500));
  }
  /* A new key is shown once. */
  function seen(id) {
    keep(remembered().map((u) => u.id === id ? Object.assign({}, u, { fresh: false }) : u));
  }
  function forget(id) { keep(remembered().filter((u) => u.id !== id)); showOwn(); }

  /* A draft has its title once its columns are known. */
  function learn() {
    const button = document.querySelector("[data-delete-study][data-title]");
    const known = button && remembered().find((u) => u.id === button.dataset.deleteStudy);
    if (known && known.draft) {
      remember(Object.assign({}, known, {
        title: button.dataset.title, subjects: Number(button.dataset.subjects), draft: false
      }));
    }
  }
  function showOwn() {
    learn();
    window.smmKeys.show();
    const list = remembered();
    const deleted = window.smmDeleted.list();
    document.querySelectorAll("[data-own-uploads]").forEach((place) => {
      const shown = JSON.stringify([list, deleted]);
      if (place.dataset.shown === shown) return;
      place.dataset.shown = shown;
      place.replaceChildren(...deleted.map(window.smmDeleted.line), ...list.map((upload) => {
        const item = element("li");
        item.append(
          element("a", upload.title, { href: window.site.at((upload.draft ? "/upload/" : "/study/") + upload.id) }),
          element("span", [
            upload.subjects ? upload.subjects.toLocaleString("en") + " patients" : "",
            upload.expires ? "until " + upload.expires.slice(0, 10) : ""
          ].filter(Boolean).join(", "), { class: "hint" }),
          element("button", "Delete", {
            type: "button", class: "text-button", "data-delete-study": upload.id,
            "aria-label": "Delete " + upload.title
          })
        );
        return item;
      }));
      const section = place.closest("[data-own-uploads-section]");
      if (section) section.classList.toggle("hidden", !list.length && !deleted.length);
    });
  }
  new MutationObserver(showOwn).observe(document.documentElement, { childList: true, subtree: true });

  // --- the files chosen -------------------------------------------------------------------
  const size = (bytes) => bytes >= 1e6 ? (bytes / 1e6).toFixed(1) + " MB"
    : Math.max(1, Math.round(bytes / 1e3)) + " kB";

  function add(more) {
    Array.from(more).forEach((file) => {
      files = files.filter((f) => f.name !== file.name).concat(file);
    });
    showFiles();
  }
  function showFiles() {
    const list = $("upload-list");
    if (!list) return;
    list.replaceChildren(...files.map((file, i) => {
      const item = element("li");
      item.append(
        element("span", file.name), element("span", size(file.size), { class: "hint" }),
        element("button", "Remove", {
          type: "button", class: "text-button", "data-remove-file": String(i),
          "aria-label": "Remove " + file.name
        })
      );
      return item;
    }));
    const button = $("upload-send");
    button.classList.toggle("hidden", !files.length || Boolean(request));
    button.textContent = files.length === 1 ? "Read this file" : "Read these " + files.length + " files";
  }

  // --- sending ----------------------------------------------------------------------------
  function problem(error) {
    const place = $("upload-problem");
    if (!place) return;
    place.replaceChildren();
    if (!error) return;
    const box = element("div", "", { class: "notice notice-error" });
    box.append(element("strong", "These files cannot be shown yet"), element("p", error.message));
    if (error.details && error.details.length) {
      const list = element("ul");
      error.details.forEach((line) => list.append(element("li", line)));
      box.append(list);
    }
    if (error.hint) box.append(element("p", error.hint, { class: "hint" }));
    place.append(box);
  }
  function stage(words, share) {
    $("upload-stage").textContent = words;
    const bar = $("upload-bar");
    if (share === null) bar.removeAttribute("value"); else bar.value = share;
  }
  function finish() {
    request = null;
    clearInterval(timer);
    $("upload-progress").classList.add("hidden");
    showFiles();
  }
  /* On to what was read; a browser that keeps nothing would lose the key on the way. */
  function received(upload, address) {
    files = [];
    if (remember(upload)) { location.assign(address); return; }
    finish();
    const box = window.smmKeys.note(upload.key);
    box.append(element("a", "See what was read", { class: "main-button", href: address }));
    $("upload-problem").replaceChildren(box);
  }
  function send() {
    const place = document.querySelector("[data-upload]");
    const most = Number(place.dataset.fileMb);
    const large = files.find((f) => f.size > most * 1048576);
    problem(null);
    if (large) {
      problem({
        message: large.name + " is larger than " + most + " MB.",
        hint: "Keep only the columns and parameters that are needed, or save the table as Parquet."
      });
      return;
    }
    const form = new FormData();
    files.forEach((file) => form.append("files", file, file.name));
    request = new XMLHttpRequest();
    request.open("POST", window.site.at("/study"));
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable || !request) return;
      stage("Sending: " + size(event.loaded) + " of " + size(event.total),
        100 * event.loaded / event.total);
    });
    request.upload.addEventListener("load", () => {
      const start = Date.now();
      const tick = () => {
        const seconds = Math.round((Date.now() - start) / 1000);
        stage("Reading and checking" + (seconds > 2 ? ", " + seconds + " seconds" : " …"), null);
      };
      tick();
      $("upload-status").textContent = "Sent. Reading and checking.";
      timer = setInterval(tick, 1000);
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      const status = request.status;
      if (status === 201) {
        received({
          id: answer.study, title: answer.title, subjects: answer.subjects, expires: answer.expires,
          key: answer.key, fresh: true
        }, answer.report_url);
        return;
      }
      if (answer && answer.draft) {
        received({
          id: answer.draft.id, title: files[0].name, draft: true, expires: null,
          key: answer.draft.key, fresh: true
        }, answer.draft.url);
        return;
      }
      finish();
      problem(answer && answer.error ? answer.error : {
        message: "The server sent an unreadable response (" + status + ").",
        hint: "Try again; if the files are very large, try fewer columns."
      });
    });
    request.addEventListener("error", () => {
      finish();
      problem({ message: "The connection was lost.", hint: "Nothing was saved. Try again." });
    });
    request.addEventListener("abort", () => {
      finish();
      $("upload-status").textContent = "Canceled. Nothing was saved.";
    });
    $("upload-progress").classList.remove("hidden");
    stage("Sending …", 0);
    $("upload-status").textContent = "Sending.";
    showFiles();
    request.send(form);
  }

  // --- one listener for pages that come and go --------------------------------------------
  document.addEventListener("click", (event) => {
    const button = near(event, "button");
    if (!button) return;
    if (button.id === "upload-choose") {
      const input = element("input", "", { type: "file", multiple: "" });
      input.addEventListener("change", () => add(input.files));
      input.click();
    } else if (button.id === "upload-send") send();
    else if (button.id === "upload-cancel" && request) request.abort();
    else if (button.dataset.removeFile !== undefined) {
      files.splice(Number(button.dataset.removeFile), 1);
      showFiles();
    } else if (button.dataset.copy) copy(button, location.origin + button.dataset.copy, "Link copied");
  });
  ["dragover", "dragleave", "drop"].forEach((kind) => {
    document.addEventListener(kind, (event) => {
      const zone = $("upload-drop");
      if (!zone || !event.dataTransfer) return;
      event.preventDefault();  // a file dropped beside the zone must not replace the page
      zone.classList.toggle("drop-over", kind === "dragover");
      if (kind === "drop" && !request) add(event.dataTransfer.files);
    });
  });

  window.smmUploads = { list: remembered, remember, seen, forget, show: showOwn };
})();
