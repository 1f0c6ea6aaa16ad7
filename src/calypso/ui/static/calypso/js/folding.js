/** An introduction that somebody has read a few times is folded: what they come for is first. */
import { behave } from "./behaviours.js";

const READ = 3; // visits after which it is known

behave("details[data-read]", (details) => {
  const key = `calypso:read:${details.dataset.read}`;
  try {
    const visits = Number(localStorage.getItem(key)) + 1;
    localStorage.setItem(key, visits);
    if (visits > READ) details.open = false;
  } catch {
    // A browser that keeps nothing shows it each time.
  }
});
