// The command palette: Ctrl+K, then a few letters. It holds the buttons of the page, the links of the desk, and what
// the server finds; the arrows go from one to the next.
const palette = document.getElementById("palette");
const field = palette.querySelector("input");
const here = palette.querySelector("[data-palette-here]");
const found = palette.querySelector("[data-palette-found]");
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const visible = (element) => element.getClientRects().length > 0 && !element.disabled;
/* What a button or a link says, without the number that stands beside it. */
function words(element) {
  const copy = element.cloneNode(true);
  for (const beside of copy.querySelectorAll(".n, svg")) beside.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/* The acts of the page first, then where the desk leads. */
function commands() {
  const acts = [...document.querySelectorAll("main :is(.button, label)[data-press], main .actions .button, main .steps .button, .kinds label")];
  const links = [...document.querySelectorAll(".side nav a, .menu a")];
  const known = new Set();
  return [...acts.filter(visible), ...links].filter((element) => {
    const label = words(element);
    return label && !known.has(label) && known.add(label);
  });
}

function show() {
  const asked = fold(field.value).split(/\s+/).filter(Boolean);
  const matching = commands().filter((element) => asked.every((word) => fold(words(element)).includes(word)));
  here.replaceChildren(...matching.slice(0, asked.length ? 8 : 6).map((element) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words(element) });
    button.addEventListener("click", () => { palette.close(); element.click(); if (element.matches(".kinds label")) document.querySelector("[data-composer] textarea")?.focus(); });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

function open() {
  if (palette.open) return;
  field.value = "";
  found.querySelector("#trouve").replaceChildren();
  show();
  palette.showModal();
}

field.addEventListener("input", show);
palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
palette.addEventListener("keydown", (event) => {
  const items = [...palette.querySelectorAll("li :is(a, button)")];
  const at = items.indexOf(document.activeElement);
  const go = { ArrowDown: items[at + 1] ?? items[0], ArrowUp: at > 0 ? items[at - 1] : field }[event.key];
  if (go) { event.preventDefault(); go.focus(); }
  else if (event.key === "Enter" && document.activeElement === field) { event.preventDefault(); items[0]?.click(); }
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && at >= 0 && event.key !== " ") field.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) { event.preventDefault(); open(); }
});
document.querySelector("[data-palette-open]")?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open();
});
