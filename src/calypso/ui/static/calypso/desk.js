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

function enhance(scope) {
  scope.querySelectorAll("form[data-bulk]").forEach(selection);
}

enhance(document);
document.body.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.elt.parentElement ?? document));

/* One letter does what its button does; never while somebody types. Ctrl+Enter sends what is being written. */
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type='radio'], [type='checkbox']), textarea, select, [contenteditable]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-composer] textarea")) {
    const kind = document.querySelector("[data-kind]:checked")?.dataset.kind === "note" ? "note" : "comment";
    document.querySelector(`[data-composer] button[value='${kind}']`)?.click();
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
