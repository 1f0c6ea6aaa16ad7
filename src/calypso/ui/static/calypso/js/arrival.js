/** After an act, focus goes to what matters; the word of confirmation leaves the address and then the screen. */
import { behave } from "./behaviours.js";

const TOAST_STAYS = 8000; // milliseconds
const BUTTON_STAYS = 10000; // as long as an act can be taken back

behave("[data-focus]", (element) => {
  if (document.querySelector("[data-focus]") === element) element.focus(); // of several, the first
});

// A link to an entry that came before those which are shown: the page is asked again, with all of them.
behave("[data-earlier]", (earlier) => {
  const address = new URL(location.href);
  const isAsked = address.hash.startsWith("#m-") && !document.getElementById(address.hash.slice(1));
  if (!isAsked || address.searchParams.has("entrees")) return;
  address.searchParams.set("entrees", earlier.dataset.earlier);
  location.replace(address);
});

behave("[data-toast]", (toast) => {
  const address = new URL(location.href);
  for (const name of ["fait", "sur"]) address.searchParams.delete(name);
  history.replaceState(null, "", address);
  setTimeout(() => toast.remove(), toast.querySelector("form") ? BUTTON_STAYS : TOAST_STAYS);
});
