/** A form leaves once: the second click of an impatient hand does nothing. The server holds the promise anyway (R103). */
import { behave } from "./behaviours.js";

const IMPATIENCE = 4000; // milliseconds after which a form that brought no new page may leave again
const sent = new WeakSet();

const warn = (event) => event.preventDefault();

/** Lets a form that was held back leave again. */
export function release(form) {
  sent.delete(form);
}

/** Holds a form back until `ready` ends: `status` says so at once, and who leaves the page meanwhile is asked first. */
export async function hold(form, status, words, ready) {
  form.dataset.held = "";
  status.textContent = words;
  addEventListener("beforeunload", warn);
  await ready;
  removeEventListener("beforeunload", warn);
  status.textContent = "";
  delete form.dataset.held;
  release(form);
}

behave("form[method='post']", (form) => {
  form.noValidate = true; // what is refused is said in our own words, beside the field and at the top
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    if (event.submitter?.name === "retirer") return;
    sent.add(form);
    setTimeout(release, IMPATIENCE, form);
  });
});

addEventListener("pageshow", () => {
  for (const form of document.forms) release(form);
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submit-on-change]")) event.target.form.requestSubmit();
});
