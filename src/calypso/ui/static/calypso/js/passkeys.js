/** Passkeys: the browser makes or proves one, the form carries its answer (JSON) to the server. */
import { release } from "./submitting.js";

async function ceremony(act, options) {
  const kind = globalThis.PublicKeyCredential;
  const read = act === "create" ? kind.parseCreationOptionsFromJSON : kind.parseRequestOptionsFromJSON;
  const made = await navigator.credentials[act]({ publicKey: read.call(kind, JSON.parse(options)) });
  return JSON.stringify(made.toJSON());
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || form.elements.answer.value) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true; // one question at a time
  try {
    form.elements.answer.value = await ceremony(form.dataset.passkey, form.dataset.options);
  } catch {
    form.elements.answer.value = "{}"; // given up or impossible here: the server says so in words
  }
  button.disabled = false;
  release(form);
  form.requestSubmit();
});
