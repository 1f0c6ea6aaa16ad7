/** The order of the lines is the order in which the form sends them: two arrows a line, the focus follows. */
import { behave } from "../behaviours.js";

function arrow(line, text, name, move) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button small quiet", textContent: text });
  button.setAttribute("aria-label", name.replace("§", line.querySelector("input").value));
  button.addEventListener("click", () => {
    move();
    button.focus();
  });
  return button;
}

behave("[data-order]", (list) => {
  for (const line of list.children) {
    const order = Object.assign(document.createElement("span"), { className: "order" });
    order.append(
      arrow(line, "↑", list.dataset.up, () => line.previousElementSibling?.before(line)),
      arrow(line, "↓", list.dataset.down, () => line.nextElementSibling?.after(line)),
    );
    line.prepend(order);
  }
});
