/**
 * A long form is not left with what was typed in it: the browser asks first. A form shown again with what was typed, not
 * saved yet, says `data-guard="typed"`.
 */

import { behave } from "./behaviours.js";

behave("form[data-guard]", (form, signal) => {
  let isTyped = form.dataset.guard === "typed";
  form.addEventListener("input", () => {
    isTyped = true;
  });
  form.addEventListener("submit", () => {
    isTyped = false;
  });
  window.addEventListener(
    "beforeunload",
    (event) => {
      if (isTyped) event.preventDefault();
    },
    { signal },
  );
});
