/** The selection of the queue says how many tickets it holds; its bar waits until it is of use. */
import { behave } from "../behaviours.js";

behave("form[data-bulk]", (form) => {
  const find = (selector) => form.querySelector(selector);
  const boxes = () => [...form.querySelectorAll("input[name='ref']")];

  const tell = () => {
    const [all, every, bar, count] = [
      "[data-check-all]",
      "input[name='tout']",
      "[data-bulk-bar]",
      "[data-bulk-count]",
    ].map(find);
    const ticked = boxes().filter((box) => box.checked).length;
    bar.hidden = ticked === 0 && !every?.checked;
    count.textContent = ticked === 1 ? count.dataset.one : count.dataset.many.replace("§", ticked);
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
  };

  find("[data-check-all]").hidden = false;
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-check-all]")) {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    tell();
  });
  tell();
});
