/** A text or a line that grows too long says by how much: nothing of what is pasted is cut off. */
import { behave } from "./behaviours.js";
import { lengthOf } from "./text.js";

behave("[data-limit]", (field) => {
  const line = Object.assign(document.createElement("p"), { className: "error" });
  line.setAttribute("role", "status");
  field.after(line);
  const count = () => {
    const over = lengthOf(field.value) - Number(field.dataset.limit);
    line.textContent = over > 0 ? `${over.toLocaleString(document.documentElement.lang)} ${field.dataset.over}` : "";
    line.hidden = over <= 0;
  };
  field.addEventListener("input", count);
  count();
});
