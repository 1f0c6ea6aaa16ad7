/**
 * The selection of the queue says how many tickets it holds; its bar waits until it is of use. « All that match » ticks the
 * rows of the page, and goes as soon as one of them is taken out: what is not ticked is never part of an order.
 */
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
    if (every?.checked) count.textContent = count.dataset.all;
    else count.textContent = ticked === 1 ? count.dataset.one : count.dataset.many.replace("§", ticked);
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
  };

  find("[data-check-all]").hidden = false;
  form.addEventListener("change", (event) => {
    const every = find("input[name='tout']");
    if (event.target.matches("[data-check-all], [name='tout']")) {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    if (every && !event.target.checked) every.checked = false;
    tell();
  });
  tell();
});
