/** « Le contexte » is compulsory for some priorities: the star and the attribute follow the choice (S66). */
import { behave } from "./behaviours.js";

behave("[data-context-for]", (field) => {
  const name = field.dataset.contextFor;
  const form = field.closest("form");
  const input = field.querySelector("input, textarea");
  const star = field.querySelector("[data-star]");
  const update = () => {
    const isNeeded = Boolean(form.querySelector(`[name='${name}']:checked`)?.dataset.needsContext);
    input.required = isNeeded;
    star.hidden = !isNeeded;
  };
  form.addEventListener("change", (event) => {
    if (event.target.name === name) update();
  });
  update();
});
