// What JavaScript adds to the desk: the selection of the queue says how many, and its bar waits until it is of use.
function selection(form) {
  const boxes = [...form.querySelectorAll("input[name='ref']")];
  const all = form.querySelector("[data-check-all]");
  const every = form.querySelector("input[name='tout']");
  const [bar, count] = [form.querySelector("[data-bulk-bar]"), form.querySelector("[data-bulk-count]")];
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    bar.hidden = ticked === 0 && !every?.checked;
    count.textContent = ticked === 1 ? count.dataset.one : count.dataset.many.replace("§", ticked);
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.hidden = false;
  all.onchange = () => { for (const box of boxes) box.checked = all.checked; tell(); };
  form.addEventListener("change", tell);
  tell();
}

/* Cards are dragged where the table allows; the drop asks for the same page as the card's own buttons. */
function lanes(board) {
  let held = null;
  const stepTo = (lane) => held?.dataset.targets.split(" ").find((pair) => pair.startsWith(`${lane.dataset.state}:`))?.split(":")[1];
  for (const card of board.querySelectorAll(".ticket-card")) {
    card.draggable = card.dataset.targets !== "";
    card.addEventListener("dragstart", (event) => {
      held = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.ref);
      for (const lane of board.querySelectorAll(".lane")) lane.classList.toggle("accepts", Boolean(stepTo(lane)));
    });
    card.addEventListener("dragend", () => {
      held = null;
      for (const lane of board.querySelectorAll(".lane")) lane.classList.remove("accepts", "over");
    });
  }
  for (const lane of board.querySelectorAll(".lane")) {
    lane.addEventListener("dragover", (event) => { if (stepTo(lane)) { event.preventDefault(); lane.classList.add("over"); } });
    lane.addEventListener("dragleave", () => lane.classList.remove("over"));
    lane.addEventListener("drop", (event) => {
      const step = stepTo(lane);
      if (!step) return;
      event.preventDefault();
      held.querySelector(`button[value='${step}']`).click();
    });
  }
}

/* The order of the lines is the order in which the form sends them: two arrows a line, the focus follows. */
function ordering(list) {
  const arrow = (line, text, name, move) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small quiet", textContent: text });
    button.setAttribute("aria-label", name.replace("§", line.querySelector("input").value));
    button.addEventListener("click", () => { move(); button.focus(); });
    return button;
  };
  for (const line of list.children) {
    const order = Object.assign(document.createElement("span"), { className: "order" });
    order.append(
      arrow(line, "↑", list.dataset.up, () => line.previousElementSibling?.before(line)),
      arrow(line, "↓", list.dataset.down, () => line.nextElementSibling?.after(line)),
    );
    line.prepend(order);
  }
}

/* A canned reply goes where the caret is, as soon as its whole name is there. */
function insertion(field) {
  const target = document.getElementById(field.dataset.insert);
  const put = () => {
    const option = [...field.list.options].find((one) => one.value === field.value);
    if (!option) return false;
    target.setRangeText(option.dataset.text, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
    field.value = "";
    target.focus();
    return true;
  };
  field.addEventListener("change", put);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); put(); } });
  field.parentElement.querySelector("button").hidden = true;
}

/* After an « @ », the colleagues whose name begins so: arrows, Enter or Tab, a click; Escape leaves the text alone. */
function mentions(composer) {
  const field = composer.querySelector("textarea");
  if (!field) return;
  const list = Object.assign(document.createElement("ul"), { className: "mentions", id: "mentions", role: "listbox", hidden: true });
  list.setAttribute("aria-label", composer.dataset.mentionsLabel);
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  let names = null, at = 0;
  const typed = () => /(?:^|\s)@([\p{L} .'-]{0,60})$/u.exec(field.value.slice(0, field.selectionStart))?.[1];
  const close = () => { list.hidden = true; field.removeAttribute("aria-activedescendant"); };
  const mark = (next) => {
    at = (next + list.children.length) % list.children.length;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", index === at));
    field.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const put = (name) => {
    field.setRangeText(`${name} `, field.selectionStart - typed().length, field.selectionStart, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  };
  field.addEventListener("input", async () => {
    if (typed() === undefined) { close(); return; }
    names ??= (await (await fetch(composer.dataset.mentions)).json()).names;
    const said = typed()?.toLocaleLowerCase();
    const found = said === undefined ? [] : names.filter((name) => name.toLocaleLowerCase().split(" ").some((part, index, all) => all.slice(index).join(" ").startsWith(said)) && name.toLocaleLowerCase() !== said.trim()).slice(0, 6);
    list.replaceChildren(...found.map((name, index) => {
      const item = Object.assign(document.createElement("li"), { id: `mention-${index}`, role: "option", textContent: name });
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); put(name); });
      return item;
    }));
    list.hidden = found.length === 0;
    if (found.length) mark(0); else close();
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const act = { ArrowDown: () => mark(at + 1), ArrowUp: () => mark(at - 1), Enter: () => put(list.children[at].textContent), Tab: () => put(list.children[at].textContent), Escape: close }[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  field.addEventListener("blur", close);
}

/* Who else has the ticket open: asked while the page is looked at, told while somebody types, ended when it is left. */
function presence(line) {
  const composer = document.querySelector("[data-composer] textarea");
  let typed = 0;
  const tell = (facts) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", document.querySelector("[name='csrfmiddlewaretoken']").value);
    for (const [name, value] of Object.entries(facts)) body.append(name, value);
    return body;
  };
  const ask = async () => {
    if (document.hidden) return;
    const facts = Date.now() - typed < 8000 ? { ecrit: "1" } : {};
    try {
      const answer = await fetch(line.dataset.presence, { method: "POST", body: tell(facts), headers: { "X-Requested-With": "XMLHttpRequest" } });
      const said = answer.ok ? await answer.text() : "";
      if (said !== line.textContent) line.textContent = said;
    } catch { /* the network is away: the next beat asks again */ }
  };
  composer?.addEventListener("input", () => {
    const first = Date.now() - typed > 8000;
    typed = Date.now();
    if (first) ask();
  });
  document.addEventListener("visibilitychange", ask);
  addEventListener("calypso:presence", ask);
  addEventListener("pagehide", () => navigator.sendBeacon(line.dataset.presence, tell({ parti: "1" })));
  setInterval(ask, 10000);
  ask();
}

function enhance(scope) {
  scope.querySelectorAll("[data-presence]").forEach(presence);
  scope.querySelectorAll("[data-mentions]").forEach(mentions);
  scope.querySelectorAll("[data-order]").forEach(ordering);
  scope.querySelectorAll("[data-insert]").forEach(insertion);
  scope.querySelectorAll("[data-board]").forEach(lanes);
  scope.querySelectorAll("form[data-bulk]").forEach(selection);
}

enhance(document);
document.body.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.elt.parentElement ?? document));

/* One letter does what its button does; never while somebody types. Ctrl+Enter sends what is being written; Enter in a
   field beside it presses that field's own button. */
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type='radio'], [type='checkbox']), textarea, select, [contenteditable]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-composer] textarea")) {
    const kind = document.querySelector("[data-kind]:checked")?.dataset.kind === "note" ? "note" : "comment";
    document.querySelector(`[data-composer] button[value='${kind}']`)?.click();
    return;
  }
  if (event.key === "Enter" && event.target.matches("input[form='composer-form']")) {
    const follows = (button) => event.target.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
    event.preventDefault();
    [...document.querySelectorAll("button[form='composer-form']")].find(follows)?.click();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "x") {
    const box = document.activeElement.closest("tr")?.querySelector("input[name='ref']");
    if (box) { event.preventDefault(); box.click(); }
    return;
  }
  const assignee = event.key === "a" && document.querySelector("select[name='assignee'][form]");
  const target = assignee || document.querySelector(`[data-press='${CSS.escape(event.key)}']`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("select")) { target.focus(); return; }
  target.click();
  if (target.matches(".kinds label")) document.querySelector("[data-composer] textarea").focus();
});
