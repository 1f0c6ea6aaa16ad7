/** « + Ajouter » and the buttons of the banner open one form; a button that names an act makes it the form's main one. */
import { behave } from "./behaviours.js";

/** Puts the button of the act that was asked for first and fills it; an act that the state does not allow changes nothing. */
function choose(acts, asked) {
  const buttons = [...acts.querySelectorAll("button[name='act']")];
  const chosen = buttons.find((button) => button.value === asked);
  if (!chosen) return;
  for (const button of buttons) button.classList.toggle("primary", button === chosen);
  if (buttons[0] !== chosen) buttons[0].before(chosen);
}

function open(composer, asked) {
  dispatchEvent(new Event("calypso:show-conversation"));
  composer.open = true;
  composer.dataset.asked = asked;
  choose(composer.querySelector(".acts"), asked);
  composer.scrollIntoView({ block: "center" });
  composer.querySelector("textarea").focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-composer]");
  const composer = document.getElementById("composer");
  if (!opener || !composer) return;
  event.preventDefault();
  open(composer, opener.dataset.openComposer);
});

// The buttons follow the state of the ticket: those that a refresh brings are told which act was asked for.
behave("#composer .acts", (acts) => choose(acts, acts.closest("#composer").dataset.asked));

behave("details.opens", (details) => {
  details.addEventListener("toggle", () => {
    if (details.open) details.querySelector("textarea, input:not([type='hidden'])")?.focus();
  });
});
