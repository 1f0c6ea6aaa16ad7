/** Buttons that copy a text, or print the page: shown only where they can. */
import { behave } from "./behaviours.js";

const SAID = 2000; // milliseconds during which a button says that it has copied

behave("[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const words = button.lastChild;
  const usual = words.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = button.dataset.copied;
    setTimeout(() => {
      words.textContent = usual;
    }, SAID);
  });
});

behave("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
