/* Lists and buttons of the subgroups page tell the server what was clicked or dragged. */
(function () {
  "use strict";

  function tell(action, value) {
    window.dash_clientside.set_props("subgroups-event", {
      data: { do: action, value: value, at: Date.now() }
    });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-forest]");
    if (button) tell(button.dataset.forest, button.dataset.value);
  });

  let dragged = null;
  document.addEventListener("dragstart", function (event) {
    dragged = event.target.closest && event.target.closest("[data-sortable] > [data-variable]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.variable);
    dragged.classList.add("dragged");
  });
  document.addEventListener("dragover", function (event) {
    const over = event.target.closest && event.target.closest("[data-sortable] > [data-variable]");
    if (!dragged || !over) return;
    event.preventDefault();
    document.querySelectorAll(".drop-here").forEach((item) => item.classList.remove("drop-here"));
    if (over !== dragged) over.classList.add("drop-here");
  });
  document.addEventListener("drop", function (event) {
    const over = event.target.closest && event.target.closest("[data-sortable] > [data-variable]");
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
