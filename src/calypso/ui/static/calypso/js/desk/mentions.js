/** After an « @ », the colleagues whose name begins so: arrows, Enter or Tab, a click; Escape leaves the text alone. */
import { behave } from "../behaviours.js";
import { matchingNames, mentionBefore } from "../text.js";

behave("[data-mentions]", (composer) => {
  const field = composer.querySelector("textarea");
  if (!field) return;
  const list = document.createElement("ul");
  Object.assign(list, { className: "mentions", id: "mentions", role: "listbox", hidden: true });
  list.setAttribute("aria-label", composer.dataset.mentionsLabel);
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  let names = null;
  let at = 0;

  const typed = () => mentionBefore(field.value.slice(0, field.selectionStart));
  const close = () => {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    at = (next + list.children.length) % list.children.length;
    for (const [place, item] of [...list.children].entries()) item.setAttribute("aria-selected", place === at);
    field.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const put = (name) => {
    field.setRangeText(`${name} `, field.selectionStart - typed().length, field.selectionStart, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  };
  const itemOf = (name, place) => {
    const item = document.createElement("li");
    Object.assign(item, { id: `mention-${place}`, role: "option", textContent: name });
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      put(name);
    });
    return item;
  };

  field.addEventListener("input", async () => {
    if (typed() === undefined) {
      close();
      return;
    }
    names ??= (await (await fetch(composer.dataset.mentions)).json()).names;
    const words = typed(); // asked again: the text may have changed while the names came
    const found = words === undefined ? [] : matchingNames(names, words);
    list.replaceChildren(...found.map(itemOf));
    list.hidden = found.length === 0;
    if (found.length) mark(0);
    else close();
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey) return;
    const choose = () => put(list.children[at].textContent);
    const acts = {
      ArrowDown: () => mark(at + 1),
      ArrowUp: () => mark(at - 1),
      Enter: choose,
      Tab: choose,
      Escape: close,
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  field.addEventListener("blur", close);
});
