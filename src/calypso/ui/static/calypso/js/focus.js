/** A part of the page that is swapped gives the focus back to the field or the button that had it, by name or by id. */

let last = null; // what had the focus in the part that is about to go

const nameOf = (element) =>
  element.id ? `#${CSS.escape(element.id)}` : element.name ? `[name="${element.name}"]` : "";

document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  last = event.detail.target.contains(active) ? nameOf(active) : null;
});

document.addEventListener("htmx:afterSettle", () => {
  if (last && document.activeElement === document.body) document.querySelector(last)?.focus();
  last = null;
});
