/**
 * One letter does what its button does, never while somebody types. Ctrl+Enter sends what is being written, with Shift or
 * Alt to the step that says so; Enter in a field beside the composer presses that field's own button.
 */

function sendComposer(event) {
  const kind = document.querySelector("[data-kind]:checked")?.dataset.kind ?? "reply";
  const chord = event.shiftKey ? "shift" : event.altKey ? "alt" : "";
  if (chord && kind !== "reply") return;
  document.querySelector(`[data-composer] ${chord ? `[data-chord='${chord}']` : `[data-send='${kind}']`}`)?.click();
}

function pressOwnButton(field) {
  const follows = (button) => field.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
  [...document.querySelectorAll("button[form='composer-form']")].find(follows)?.click();
}

function pressLetter(event) {
  if (event.key === "x") {
    const box = document.activeElement.closest("tr")?.querySelector("input[name='ref']");
    if (!box) return;
    event.preventDefault();
    box.click();
    return;
  }
  const assignee = event.key === "a" && document.querySelector("select[name='assignee'][form]");
  const target = assignee || document.querySelector(`[data-press='${CSS.escape(event.key)}']`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("select")) {
    target.closest("details").open = true;
    target.focus();
    return;
  }
  target.click();
  if (target.matches(".kinds label")) document.querySelector("[data-composer] textarea").focus();
}

document.addEventListener("keydown", (event) => {
  const isOrder = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && (isOrder || event.altKey) && event.target.matches("[data-composer] textarea")) {
    event.preventDefault();
    sendComposer(event);
    return;
  }
  if (event.key === "Enter" && event.target.matches("input[form='composer-form']")) {
    event.preventDefault();
    pressOwnButton(event.target);
    return;
  }
  const field = "input:not([type='radio'], [type='checkbox']), textarea, select, [contenteditable]";
  if (!event.target.closest(field) && !isOrder && !event.altKey) pressLetter(event);
});
