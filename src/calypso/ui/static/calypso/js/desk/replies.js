/** A canned reply goes where the caret is, as soon as its whole name is there. */
import { behave } from "../behaviours.js";

behave("[data-insert]", (field) => {
  const target = document.getElementById(field.dataset.insert);
  const insert = () => {
    const reply = [...field.list.options].find((option) => option.value === field.value);
    if (!reply) return;
    target.setRangeText(reply.dataset.text, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
    field.value = "";
    target.focus();
  };
  field.addEventListener("change", insert);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    insert();
  });
  field.parentElement.querySelector("button").hidden = true;
});
