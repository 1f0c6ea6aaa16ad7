/** Two tabs on a narrow screen; on a wide one both panels are there and the style sheet hides the tabs. */
import { behave } from "./behaviours.js";

behave("[data-tabs]", (holder, signal) => {
  const narrow = matchMedia("(max-width: 1000px)");
  const buttons = [...holder.querySelectorAll("[role='tab']")];
  const panels = buttons.map((button) => document.getElementById(button.getAttribute("aria-controls")));
  let shown = Number(holder.dataset.tabs);

  const update = () => {
    holder.hidden = !narrow.matches;
    buttons.forEach((button, place) => {
      const isSelected = place === shown;
      button.setAttribute("aria-selected", String(isSelected));
      button.tabIndex = isSelected ? 0 : -1;
      panels[place].hidden = narrow.matches && !isSelected;
    });
  };
  const show = (place) => {
    shown = place;
    update();
  };

  holder.classList.add("real");
  buttons.forEach((button, place) => {
    button.addEventListener("click", () => show(place));
    button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      show((place + 1) % buttons.length);
      buttons[shown].focus();
    });
  });
  narrow.addEventListener("change", update, { signal });
  addEventListener("calypso:show-conversation", () => show(1), { signal });
  update();
});
