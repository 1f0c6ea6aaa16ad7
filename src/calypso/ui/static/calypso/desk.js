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
