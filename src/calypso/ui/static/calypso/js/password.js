/** A password can be shown while it is typed (R135). */
import { behave } from "./behaviours.js";

behave("[data-eye]", (field) => {
  const input = field.querySelector("input");
  const button = field.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = input.type === "text";
    input.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
  });
});
