/** Keeps « il y a 18 min » right while the page stays open: the words come from the page, the number from the clock. */
import { behave } from "./behaviours.js";

const MINUTE = 60_000;

behave("time[data-ago]", (time, signal) => {
  const tell = () => {
    const words = time.closest("[data-ago-minutes]").dataset;
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / MINUTE);
    if (minutes < 1 || minutes >= 24 * 60) return;
    if (minutes < 60) time.textContent = words.agoMinutes.replace("§", minutes);
    else time.textContent = words.agoHours.replace("§", Math.floor(minutes / 60));
  };
  const timer = setInterval(tell, MINUTE);
  signal.addEventListener("abort", () => clearInterval(timer));
});
