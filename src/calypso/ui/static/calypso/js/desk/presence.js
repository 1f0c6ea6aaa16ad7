/** Who else has the ticket open: asked while the page is looked at, told while somebody types, ended when it is left. */
import { behave } from "../behaviours.js";

const BEAT = 10_000; // milliseconds between two questions
const TYPING = 8000; // milliseconds after a key during which somebody is writing

behave("[data-presence]", (line, signal) => {
  let lastKey = 0;
  const isTyping = () => Date.now() - lastKey < TYPING;
  const bodyOf = (facts) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", document.querySelector("[name='csrfmiddlewaretoken']").value);
    for (const [name, value] of Object.entries(facts)) body.append(name, value);
    return body;
  };
  const ask = async () => {
    if (document.hidden) return;
    try {
      const body = bodyOf(isTyping() ? { ecrit: "1" } : {});
      const headers = { "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(line.dataset.presence, { method: "POST", body, headers });
      const text = answer.ok ? await answer.text() : "";
      if (text !== line.textContent) line.textContent = text;
    } catch {
      // The network is away: the next beat asks again.
    }
  };
  const typed = (event) => {
    if (!event.target.matches("[data-composer] textarea")) return;
    const isFirst = !isTyping();
    lastKey = Date.now();
    if (isFirst) ask();
  };
  const leave = () => navigator.sendBeacon(line.dataset.presence, bodyOf({ parti: "1" }));

  document.addEventListener("input", typed, { signal });
  document.addEventListener("visibilitychange", ask, { signal });
  addEventListener("calypso:presence", ask, { signal });
  addEventListener("pagehide", leave, { signal });
  const beat = setInterval(ask, BEAT);
  signal.addEventListener("abort", () => clearInterval(beat));
  ask();
});
