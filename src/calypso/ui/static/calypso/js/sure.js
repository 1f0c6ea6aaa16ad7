/**
 * Asks before an act that is not taken back lightly, in a dialog of ours. Its button says what the page's button says; the
 * other one has the focus, so that a key pressed too soon does nothing. Some acts are asked about only when news came while
 * one was writing (`data-newer` on the body).
 */

/** Resolves to whether the person says yes to `words`, by a button that reads `yes`. */
export function ask(words, yes) {
  const dialog = document.querySelector("template[data-asking]").content.firstElementChild.cloneNode(true);
  dialog.querySelector("p").textContent = words;
  if (yes) dialog.querySelector("[value='yes']").textContent = yes;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-sure], [data-sure-newer]");
  const words = button?.dataset.sure ?? ("newer" in document.body.dataset ? button?.dataset.sureNewer : "");
  if (!words) return;
  if ("confirmed" in button.dataset) {
    delete button.dataset.confirmed;
    return;
  }
  event.preventDefault();
  if (!(await ask(words, button.textContent.trim()))) return;
  button.dataset.confirmed = "";
  button.click();
});
