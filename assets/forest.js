/* Lists and buttons of the subgroups page tell the server what was clicked or dragged. */
(function () {
  "use strict";
  const { near, floatAt } = window.common;

  function tell(action, value) {
    const data = { do: action, value: value, at: Date.now() };
    window.questions.act(() => window.dashBridge.set("subgroups-event", { data: data }));
  }

  document.addEventListener("click", function (event) {
    const button = near(event, "[data-forest]");
    if (button) tell(button.dataset.forest, button.dataset.value);
  });

  // The forest's rows: which one is under the pointer follows from where they lie.
  let note = null;
  let strip = null;

  function rowAt(event) {
    const plot = window.dashBridge.graphAt(event.target);
    const ours = plot && window.dashBridge.nameOf(plot) === "subgroups-graph";
    const meta = ours && window.chartText.metaOf(plot);
    if (!meta || !meta.edges) return null;
    const box = plot.getBoundingClientRect();
    const y = event.clientY - box.top;
    return rowOf(plot, meta.edges.findIndex((edge) => y < edge) - 1);
  }

  function rowOf(plot, index) {
    const meta = window.chartText.metaOf(plot);
    const row = meta.rows[index];
    if (!row) return null;
    return {
      plot: plot, target: row[0], text: row[1],
      top: meta.edges[index], height: meta.edges[index + 1] - meta.edges[index]
    };
  }

  function leave() {
    if (note) note.remove();
    if (strip) strip.remove();
    note = strip = null;
  }

  function point(row, event) {
    if (!note) {
      note = document.createElement("div");
      note.className = "tip forest-tip";
      strip = document.createElement("div");
      strip.className = "forest-strip";
      document.body.appendChild(note);
    }
    if (strip.parentElement !== row.plot.parentElement) row.plot.parentElement.appendChild(strip);
    strip.style.top = row.top + "px";
    strip.style.height = row.height + "px";
    note.textContent = row.text;
    floatAt(note, event.clientX + 14, event.clientY + 18, event.clientY - 12);
  }

  document.addEventListener("mousemove", function (event) {
    const row = rowAt(event);
    if (row) point(row, event); else leave();
  });
  document.addEventListener("scroll", leave, true);
  function open(row) {
    if (!row || !row.target) return;
    leave();
    const colon = row.target.indexOf(":");
    tell(row.target.slice(0, colon), row.target.slice(colon + 1));
  }
  document.addEventListener("click", function (event) { open(rowAt(event)); });

  // The same rows by the keyboard (chart_keys.js).
  document.addEventListener("chart-key", function (event) {
    const row = event.detail.index === undefined ? null : rowOf(event.detail.plot, event.detail.index);
    if (event.detail.action === "leave") leave();
    if (event.detail.action === "open") open(row);
    if (event.detail.action !== "show" || !row) return;
    const top = row.plot.getBoundingClientRect().top + row.top;
    if (top < 120 || top > window.innerHeight - 60) window.scrollBy(0, top - window.innerHeight / 2);
    // Scrolling takes what is pointed at away: afterward.
    setTimeout(function () {
      if (!document.activeElement.matches("[data-keys]")) return;
      const box = row.plot.getBoundingClientRect();
      point(row, { clientX: box.left, clientY: box.top + row.top });
      strip.classList.add("keyed");
    }, 60);
  });

  let dragged = null;
  document.addEventListener("dragstart", function (event) {
    dragged = near(event, "[data-sortable] > [data-variable]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.variable);
    dragged.classList.add("dragged");
  });
  document.addEventListener("dragover", function (event) {
    const over = near(event, "[data-sortable] > [data-variable]");
    if (!dragged || !over) return;
    event.preventDefault();
    document.querySelectorAll(".drop-here").forEach((item) => item.classList.remove("drop-here"));
    if (over !== dragged) over.classList.add("drop-here");
  });
  document.addEventListener("drop", function (event) {
    const over = near(event, "[data-sortable] > [data-variable]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const moved = dragged.dataset.variable;
    const names = Array.from(over.parentElement.children).map((item) => item.dataset.variable);
    const down = names.indexOf(moved) < names.indexOf(over.dataset.variable);
    const rest = names.filter((name) => name !== moved);
    rest.splice(rest.indexOf(over.dataset.variable) + (down ? 1 : 0), 0, moved);
    tell("order", rest);
  });
  document.addEventListener("dragend", function () {
    document.querySelectorAll(".dragged, .drop-here").forEach(function (item) {
      item.classList.remove("dragged", "drop-here");
    });
    dragged = null;
  });
})();
