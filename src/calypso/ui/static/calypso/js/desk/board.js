/** Cards are dragged where the workflow allows; the drop asks for the same page as the card's own buttons. */
import { behave } from "../behaviours.js";
import { stepTo } from "../text.js";

behave("[data-board]", (board) => {
  let held = null;
  const lanes = () => board.querySelectorAll(".lane");
  const stepInto = (lane) => held && lane && stepTo(held.dataset.targets, lane.dataset.state);

  for (const card of board.querySelectorAll(".ticket-card")) card.draggable = card.dataset.targets !== "";
  board.addEventListener("dragstart", (event) => {
    held = event.target.closest(".ticket-card");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.querySelector(".ref").textContent);
    for (const lane of lanes()) lane.classList.toggle("accepts", Boolean(stepInto(lane)));
  });
  board.addEventListener("dragend", () => {
    held = null;
    for (const lane of lanes()) lane.classList.remove("accepts", "over");
  });
  board.addEventListener("dragover", (event) => {
    const lane = event.target.closest(".lane");
    if (!stepInto(lane)) return;
    event.preventDefault();
    lane.classList.add("over");
  });
  board.addEventListener("dragleave", (event) => {
    const lane = event.target.closest(".lane");
    if (lane && !lane.contains(event.relatedTarget)) lane.classList.remove("over");
  });
  board.addEventListener("drop", (event) => {
    const step = stepInto(event.target.closest(".lane"));
    if (!step) return;
    event.preventDefault();
    held.querySelector(`button[value$=':${step}']`).click();
  });
});
