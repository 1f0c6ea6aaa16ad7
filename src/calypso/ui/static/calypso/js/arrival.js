/** After an act, focus goes to what matters; the word of confirmation leaves the address and then the screen. */
import { behave } from "./behaviours.js";

const TOAST_STAYS = 8000; // milliseconds

behave("[data-focus]", (element) => {
  if (document.querySelector("[data-focus]") === element) element.focus(); // of several, the first
});

behave("[data-toast]", (toast) => {
  const address = new URL(location.href);
  address.searchParams.delete("fait");
  history.replaceState(null, "", address);
  setTimeout(() => toast.remove(), TOAST_STAYS);
});
