/* Deleting an upload: asked first, told afterward, and for ten minutes undone by one press. */
(function () {
  "use strict";
  const KEY = "smm-deleted";
  const { element, near, recall, store } = window.common;

  // --- what was deleted and can come back -------------------------------------------------
  const list = () => recall(KEY).filter((d) => Date.parse(d.until) > Date.now());
  function keep(deleted) {
    store(KEY, deleted);
    window.smmUploads.show();
  }
  const without = (id) => list().filter((d) => d.id !== id);

  const called = (study) => "\u201c" + study.title + "\u201d" + (study.subjects
    ? " (" + study.subjects.toLocaleString("en") + " patients)" : "");

  /* A line of the list of uploads: what was deleted, and the way back. */
  function line(deleted) {
    const item = element("li", "", { class: "deleted-upload" });
    const until = new Date(deleted.until)
      .toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    item.append(
      element("span", called(deleted) + " was deleted."),
      element("span", "can be undone until " + until, { class: "hint" }),
      element("button", "Undo", {
        type: "button", class: "text-button", "data-undo-delete": deleted.id,
        "aria-label": "Undo: restore " + deleted.title
      })
    );
    return item;
  }
  setInterval(() => { if (window.smmUploads) window.smmUploads.show(); }, 5000);

  // --- said aloud -------------------------------------------------------------------------
  function tell(words) {
    let place = document.getElementById("delete-status");
    if (!place) {
      place = element("div", "", { id: "delete-status", role: "status", class: "sr-only" });
      document.body.append(place);
    }
    place.textContent = words;
  }
  function complain(words) {
    const place = document.querySelector("[data-delete-problem]");
    if (place) place.textContent = words; else tell(words);
  }

  // --- asking -----------------------------------------------------------------------------
  function ask(button) {
    const id = button.dataset.deleteStudy;
    const known = window.smmUploads.list().find((u) => u.id === id) || {};
    const study = {
      id: id,
      title: button.dataset.title || known.title || button.dataset.name || "this upload",
      subjects: Number(button.dataset.subjects) || known.subjects || 0,
      upload: known.id ? known : null
    };
    const dialog = element("dialog", "", {
      class: "ask", "aria-labelledby": "delete-title", "aria-describedby": "delete-words"
    });
    const yes = element("button", "Delete", { type: "button", class: "plain-button danger" });
    const no = element("button", "Keep it", { type: "button", class: "plain-button", autofocus: "" });
    const actions = element("div", "", { class: "upload-actions" });
    actions.append(yes, no);
    dialog.append(
      element("h2", "Delete " + called(study) + "?", { id: "delete-title" }),
      element("p", "It is removed immediately for everyone who has its link. You can undo this"
        + " for ten minutes; after that its files are permanently deleted.", { id: "delete-words" }),
      actions
    );
    document.body.append(dialog);
    dialog.addEventListener("close", () => { dialog.remove(); if (button.isConnected) button.focus(); });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => { dialog.close(); remove(study, button); });
    dialog.showModal();
    no.focus();
  }
  function remove(study, button) {
    button.disabled = true;
    const headers = window.smmKeys.headers(study.upload);
    fetch(window.site.at("/study/" + study.id), { method: "DELETE", headers: headers }).then((answer) => {
      if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
      return answer.ok ? answer.json() : {};
    }).then((answer) => {
      window.smmUploads.forget(study.id);
      if (answer.until) {
        keep([Object.assign(study, { until: answer.until })].concat(without(study.id)).slice(0, 20));
      }
      tell(called(study) + " was deleted. You can undo this for ten minutes.");
      if (location.pathname.includes(study.id)) location.assign(window.site.at("/upload"));
    }).catch((problem) => {
      button.disabled = false;
      complain(problem.message === "403" ? "It was not deleted: this needs the key of the study."
        : "It could not be deleted. Try again.");
    });
  }

  // --- undoing ----------------------------------------------------------------------------
  function undo(button) {
    const deleted = list().find((d) => d.id === button.dataset.undoDelete);
    if (!deleted) { window.smmUploads.show(); return; }
    button.disabled = true;
    const headers = window.smmKeys.headers(deleted.upload);
    fetch(window.site.at("/study/" + deleted.id + "/restore"), { method: "POST", headers: headers }).then((answer) => {
      if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
      if (answer.ok) {
        window.smmUploads.remember(deleted.upload || {
          id: deleted.id, title: deleted.title, subjects: deleted.subjects, expires: null
        });
      }
      keep(without(deleted.id));
      tell(answer.ok ? called(deleted) + " is back."
        : called(deleted) + " can no longer be restored.");
      const link = document.querySelector('[data-own-uploads] a[href$="' + deleted.id + '"]');
      if (link) link.focus();
    }).catch(() => {
      button.disabled = false;
      tell("It could not be restored. Try again.");
    });
  }

  document.addEventListener("click", (event) => {
    const button = near(event, "button");
    if (!button) return;
    if (button.dataset.deleteStudy) ask(button);
    else if (button.dataset.undoDelete) undo(button);
  });

  window.smmDeleted = { list: list, line: line };
})();
