/** What is typed is kept on the server as one types and when the page is left; a submission ends it. */
import { behave } from "./behaviours.js";

const PAUSE = 1500; // milliseconds without a key before the text is saved

/** The fields of a form without its files, which are sent on their own. */
function textOf(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  return body;
}

behave("[data-autosave]", (mark, signal) => {
  const form = mark.form;
  const address = mark.dataset.autosave;
  const status = Object.assign(document.createElement("span"), { className: "hint autosaved" });
  form.querySelector(".form-end")?.prepend(status);
  let timer = 0;
  let request = null;
  let isDirty = false;

  const save = async () => {
    isDirty = false;
    request = new AbortController();
    try {
      const headers = { "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(address, { method: "POST", body: textOf(form), headers, signal: request.signal });
      status.textContent = answer.ok ? await answer.text() : "";
    } catch {
      isDirty = true;
    }
  };
  const saveLater = () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") saveLater();
  });
  form.addEventListener("calypso:files", saveLater);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    request?.abort();
    isDirty = false;
  });
  const leave = () => {
    if (isDirty) navigator.sendBeacon(address, textOf(form));
  };
  addEventListener("pagehide", leave, { signal });
});
