/**
 * The command palette: Ctrl+K, then a few letters. It holds the buttons of the page, the links of the desk, and what the
 * server finds; the arrows go from one to the next.
 */
import { behave } from "../behaviours.js";
import { fold, holds } from "../text.js";

const AT_FIRST = 6;
const WHEN_ASKED = 8;

const isVisible = (element) => element.getClientRects().length > 0 && !element.disabled;

/** What a button or a link says, without the number that stands beside it. */
function labelOf(element) {
  const copy = element.cloneNode(true);
  for (const beside of copy.querySelectorAll(".n, svg")) beside.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/** The acts of the page first, then where the desk leads; each label once. */
function commands() {
  const acts = document.querySelectorAll(
    "main :is(.button, label)[data-press], main .actions .button, main .steps .button, .kinds label, .panel .fact > summary",
  );
  const links = document.querySelectorAll(".side nav a, .menu a");
  const byLabel = new Map();
  for (const element of [...[...acts].filter(isVisible), ...links]) {
    const label = labelOf(element);
    if (label && !byLabel.has(label)) byLabel.set(label, element);
  }
  return byLabel;
}

behave("#palette", (palette, signal) => {
  const field = palette.querySelector("input");
  const here = palette.querySelector("[data-palette-here]");
  const found = palette.querySelector("[data-palette-found]");
  let known = new Map(); // what the page offers, read once each time the palette opens

  const itemOf = ([label, element]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", () => {
      palette.close();
      element.click();
      if (element.matches(".kinds label")) document.querySelector("[data-composer] textarea")?.focus();
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  };
  const show = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    const matching = [...known].filter(([label]) => holds(label, words));
    here.replaceChildren(...matching.slice(0, words.length ? WHEN_ASKED : AT_FIRST).map(itemOf));
  };
  const open = () => {
    if (palette.open) return;
    field.value = "";
    found.querySelector("#trouve").replaceChildren();
    here.replaceChildren();
    palette.showModal();
    // The field is there at once, on a slow phone too; what the page offers comes when it is painted.
    requestAnimationFrame(() =>
      setTimeout(() => {
        known = commands();
        show();
      }),
    );
  };

  field.addEventListener("input", show);
  palette.addEventListener("click", (event) => {
    if (event.target === palette) palette.close();
  });
  palette.addEventListener("keydown", (event) => {
    const items = [...palette.querySelectorAll("li :is(a, button)")];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: items[at + 1] ?? items[0], ArrowUp: at > 0 ? items[at - 1] : field }[event.key];
    const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey;
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (event.key === "Enter" && document.activeElement === field) {
      event.preventDefault();
      items[0]?.click();
    } else if (isLetter && at >= 0) field.focus();
  });

  const shortcut = (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    open();
  };
  const opener = (event) => {
    if (!event.target.closest("[data-palette-open]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  };
  document.addEventListener("keydown", shortcut, { signal });
  document.addEventListener("click", opener, { signal });
});
