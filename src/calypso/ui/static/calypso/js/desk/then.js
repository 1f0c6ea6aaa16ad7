/** What is clicked leads to the field where one writes next: a kind of text to its text, a priority to its reason. */

import { behave } from "../behaviours.js";

behave("[data-then]", (element) => {
  element.addEventListener("click", (event) => {
    if (!event.detail) return; // a key moved along the choices: it stays there
    requestAnimationFrame(() => document.getElementById(element.dataset.then)?.focus());
  });
});
