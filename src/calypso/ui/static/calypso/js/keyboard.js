/** The shortcuts of every page, never while somebody types; open menus close with Escape or a click elsewhere. */

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  if (event.target.closest("[data-print]")) print();
});

function press(event, selector) {
  const target = document.querySelector(selector);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input")) target.focus();
  else target.click();
}

/** Goes to the next or previous row of the list; on a page without one, to the next or previous page. */
function move(event, step) {
  const rows = [...document.querySelectorAll("table.data :is(.go a, a.whole)")];
  if (!rows.length) {
    press(event, step > 0 ? "[data-key='next']" : "[data-key='previous']");
    return;
  }
  event.preventDefault();
  const here = rows.indexOf(document.activeElement);
  const row = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const own = "main input[data-key='search']";
  if (event.key === "/") press(event, document.querySelector(own) ? own : "[data-key='search']");
  else if (event.key === "c") press(event, "[data-key='create']");
  else if (event.key === "?") press(event, "[data-key='help']");
  else if (event.key === "j") move(event, 1);
  else if (event.key === "k") move(event, -1);
});
