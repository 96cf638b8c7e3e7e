/* The menus of the header (details.picker-menu): Escape and a click beside them close them. */
(function () {
  "use strict";
  const { near } = window.common;
  const openMenus = () => document.querySelectorAll("details.picker-menu[open]");

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", function (event) {
    for (const menu of openMenus()) {
      // A link inside opens its page, under the header that stays.
      const link = menu.contains(event.target) && near(event, "a");
      if (link || !menu.contains(event.target)) menu.open = false;
    }
  });
})();
