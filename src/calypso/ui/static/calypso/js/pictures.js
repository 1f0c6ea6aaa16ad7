/** Pictures: those that are still being made appear when they are; a thumbnail opens the viewer. */
import { behave } from "./behaviours.js";

const TRIES = [200, 300, 400, 500, 700, 1000, 1500, 2500, 5000, 10_000]; // milliseconds between two questions
const STILL_MADE = 202;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** The picture at `address` once it is made; null when it will not be, or nobody waits for it any more. */
export async function whenMade(address, signal) {
  for (const wait of [0, ...TRIES]) {
    await pause(wait);
    if (signal?.aborted) return null;
    const answer = await fetch(address).catch(() => null);
    if (answer?.status === 200) return answer.blob();
    if (answer && answer.status !== STILL_MADE) return null;
  }
  return null;
}

behave("[data-thumbnail]", async (place, signal) => {
  const { thumbnail, view, name, label, from } = place.dataset;
  if (!(await whenMade(thumbnail, signal)) || signal.aborted) return;
  const link = Object.assign(document.createElement("a"), { className: "look", href: view, ariaLabel: label });
  link.dataset.look = name;
  link.dataset.download = from;
  link.append(Object.assign(new Image(160, 120), { src: thumbnail, alt: "" }));
  place.replaceWith(link);
});

behave("[data-look]", (link) => {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { look } = await import("./viewer.js");
    look(link);
  });
});
