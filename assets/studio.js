/* The figure studio: a dialog whose form comes from the server (components/studio/layout.py). What it says
   becomes an address, and the figure shown beside it is that of the address. */
(function () {
  "use strict";
  const { element, near } = window.common;
  let open = null;  // {dialog, form, first: the values it began with, asked: how to end a drawing}

  const escaped = (text) => text.replace(/[\\,]/g, "\\$&");
  const list = (texts) => texts.map(escaped).join(",");

  /* A list of check boxes as an address has it: "none" where nothing of it is left. */
  function boxes(part) {
    const ticked = part.dataset.says === "ticked";
    const found = Array.from(part.querySelectorAll("input"))
      .filter((box) => box.checked === ticked).map((box) => box.value);
    const none = ["hide", "fig_rows"].includes(part.dataset.key) ? "none" : "";
    return list(found) || none;
  }

  function arms(form) {
    const rows = Array.from(form.querySelectorAll("[data-arm]"));
    const said = (pairs) => list(pairs.flat());
    const name = (row) => row.querySelector("input").value.trim();
    const color = (row) => row.querySelector("[type=color]").value;
    return {
      fig_names: said(rows.filter((row) => name(row) && name(row) !== row.dataset.arm)
        .map((row) => [row.dataset.arm, name(row)])),
      fig_colors: said(rows.filter((row) => color(row).toLowerCase() !== row.dataset.color.toLowerCase())
        .map((row) => [row.dataset.arm, color(row).slice(1).toUpperCase()])),
      fig_order: list(rows.map((row) => row.dataset.arm))
    };
  }

  function values(form) {
    const found = arms(form);
    form.querySelectorAll("[data-key]").forEach(function (part) {
      found[part.dataset.key] = part.dataset.says ? boxes(part) : part.value.trim();
    });
    if (found.fig_size === "own") found.fig_size = found.fig_own;
    delete found.fig_own;
    return found;
  }

  /* The query of what is chosen; what nobody touched stays as the address had it. */
  function query() {
    const { form, first, given } = open;
    const asked = new URLSearchParams(form.dataset.rest);
    for (const [key, value] of Object.entries(values(form))) {
      const kept = value === first[key] ? given.get(key) : value;
      if (kept) asked.set(key, kept);
    }
    const text = asked.toString();
    return text ? "?" + text : "";
  }

  const figureAddress = () => open.form.dataset.base + ".figure.json" + query();
  const say = (words) => { open.dialog.querySelector("[role=status]").textContent = words; };

  /* Says beside a setting why the figure cannot be drawn so; nothing where none is to blame. */
  function mark(problem) {
    const { form } = open;
    form.querySelectorAll(".field-error").forEach((old) => old.remove());
    form.querySelectorAll("[aria-invalid]").forEach(function (part) {
      part.removeAttribute("aria-invalid");
      part.removeAttribute("aria-describedby");
    });
    const part = (name) => form.querySelector(`[data-key="${name}"]`);
    // A value that cannot be read is named with its key.
    const [, asks] = problem.asks ? [0, problem.asks] : /^“(\w+)=/.exec(problem.message || "") || [];
    const own = asks === "fig_size" && part("fig_size").value === "own";
    const wrong = asks && part(own ? "fig_own" : asks);
    if (!wrong) return;
    wrong.setAttribute("aria-invalid", "true");
    wrong.setAttribute("aria-describedby", "studio-wrong");
    const told = element("p", inWords(problem), { class: "field-error", id: "studio-wrong" });
    wrong.parentElement.after(told);
    told.scrollIntoView({ block: "nearest" });
  }

  const inWords = ({ message, hint }) => [message, hint].filter(Boolean).join(" ");

  async function preview() {
    if (open.asked) open.asked.abort();
    const asked = new AbortController();
    open.asked = asked;
    const { dialog, form } = open;
    const image = dialog.querySelector("img");
    form.querySelector("[data-key=fig_own]").parentElement
      .classList.toggle("hidden", form.querySelector("[data-key=fig_size]").value !== "own");
    try {
      const figure = await window.figures.get(figureAddress(), asked.signal);
      const drawn = await window.figures.draw(figure, "svg");
      if (asked.signal.aborted) return;
      URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(drawn);
      image.classList.remove("hidden");
      const { meta } = figure.layout;
      mark({});
      say(meta && meta.width_mm
        ? `${meta.width_mm} x ${meta.height_mm} mm, letters of the axes ${meta.letters_pt} points` : "");
      open.good = query();
    } catch (problem) {
      if (asked.signal.aborted) return;
      mark(problem);
      say(inWords(problem) + (image.src ? " The figure below is the last that could be drawn." : ""));
    }
  }

  async function file(format) {
    try {
      const figure = await window.figures.get(figureAddress());
      const drawn = await window.figures.draw(figure, format === "pdf" ? "svg" : format);
      if (format === "pdf") await print(figure, await drawn.text());
      else window.figures.save(drawn, open.form.dataset.name + "." + format);
      say(format === "pdf" ? "" : "Saved.");
    } catch (problem) {
      say("Not saved: " + inWords(problem));
    }
  }

  /* The browser's own "Save as PDF": lines stay lines, letters letters, of any script. */
  async function print(figure, svg) {
    const { width, height, meta } = figure.layout;
    const size = meta && meta.width_mm ? [meta.width_mm, meta.height_mm]
      : [width, height].map((pixels) => (pixels * 25.4 / 96).toFixed(1));
    const frame = element("iframe", "", {
      class: "sr-only", title: "Figure to print", srcdoc: "<!DOCTYPE html>", "data-figure-print": ""
    });
    document.querySelectorAll("[data-figure-print]").forEach((old) => old.remove());
    const ready = new Promise((resolve) => { frame.addEventListener("load", resolve, { once: true }); });
    document.body.append(frame);
    await ready;
    const inside = frame.contentDocument;
    inside.title = open.form.dataset.name;
    inside.head.append(element("style", `@page { size: ${size[0]}mm ${size[1]}mm; margin: 0 }
      body { margin: 0 } svg { display: block; width: ${size[0]}mm; height: ${size[1] - 0.1}mm }`));
    inside.body.append(inside.importNode(
      new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true));
    frame.contentWindow.addEventListener("afterprint", () => frame.remove());
    frame.contentWindow.print();
  }

  function fill(preset) {
    const { form } = open;
    for (const [key, value] of Object.entries(JSON.parse(preset))) {
      const part = form.querySelector(`[data-key="${key}"]`);
      if (!part.dataset.says) part.value = value;
      part.querySelectorAll("input").forEach(function (box) {
        box.checked = value.split(",").includes(box.value) === (part.dataset.says === "ticked");
      });
    }
    preview();
  }

  async function start(button) {
    const address = button.dataset.studio;
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error((await answer.json()).error.message);
    const dialog = element("dialog", "", { class: "studio", "aria-labelledby": "studio-head" });
    const head = element("div", "", { class: "studio-head" });
    const files = [["svg", "SVG"], ["png", "PNG"], ["pdf", "PDF"]].map(([format, words]) =>
      element("button", words, {
        type: "button", class: "plain-button", "data-save": format, "aria-label": "Save as " + words
      }));
    const done = element("button", "Done", { type: "button", class: "main-button", "data-done": "" });
    head.append(element("h2", "Size and style of the figure", { id: "studio-head" }), ...files, done);
    const shown = element("div", "", { class: "studio-shown", tabindex: "0", role: "region", "aria-label": "The figure" });
    const said = element("div", "", { class: "studio-said" });
    said.append(element("div", "", { role: "status", class: "hint" }),
      element("button", "Enlarge", { type: "button", class: "text-button", "data-enlarge": "" }));
    shown.append(said,
      element("img", "", { alt: "The figure as its file will be", class: "hidden" }));
    const body = element("div", "", { class: "studio-body" });
    body.innerHTML = await answer.text();
    body.append(shown);
    dialog.append(head, body);
    document.body.append(dialog);
    const form = body.querySelector("form");
    const place = button.closest(".take-away");
    const given = new URLSearchParams(address.split("?")[1] || "");
    open = { dialog, form, given, first: values(form), good: null };
    open.before = query();
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", preview);
    dialog.addEventListener("close", function () {
      const { good, before } = open;
      if (open.asked) open.asked.abort();
      open = null;
      dialog.remove();
      if (button.isConnected) button.focus();
      if (good === null || good === before) return;
      // The row of buttons is made anew then: the reader stays where they were.
      new MutationObserver(function (_, watch) {
        watch.disconnect();
        const again = place.querySelector("[data-studio]");
        if (again) again.focus();
      }).observe(place, { childList: true });
      window.dashBridge.open(form.dataset.base + good);
    });
    dialog.showModal();
    preview();
  }

  /* So large that its letters are read on any screen; the place of it scrolls. */
  function enlarge() {
    const place = open.dialog.querySelector(".studio-shown");
    const large = place.classList.toggle("large");
    place.querySelector("[data-enlarge]").textContent = large ? "Fit" : "Enlarge";
  }

  document.addEventListener("click", function (event) {
    const opener = near(event, "[data-studio]");
    if (opener) {
      const place = opener.closest(".take-away-row").querySelector("[role=status]");
      start(opener).catch((problem) => { place.textContent = problem.message; });
      return;
    }
    if (open && near(event, ".studio-shown :is(img, [data-enlarge])")) {
      enlarge();
      return;
    }
    const pressed = open && near(event, "dialog.studio button");
    if (!pressed) return;
    const { save, preset } = pressed.dataset;
    if (save) file(save);
    else if (preset) fill(preset);
    else if ("done" in pressed.dataset) open.dialog.close();
    else if ("up" in pressed.dataset) {
      const row = pressed.closest("li");
      if (row.previousElementSibling) row.previousElementSibling.before(row);
      pressed.focus();
      preview();
    }
  });
})();
