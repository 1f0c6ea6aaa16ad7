/**
 * What is typed is kept on the server as one types and when the page is left. What the server could not take stays in the
 * tab and is tried again; a submission ends it, once the server is known to have received it.
 */
import { behave } from "./behaviours.js";
import { forget, forgetSent, noteSent, remember, waiting, wasSent } from "./unsent.js";

const PAUSE = 1500; // milliseconds without a key before the text is saved
const AGAIN = 10_000; // milliseconds before what could not be saved is tried again
const SCRIPT = { "X-Requested-With": "XMLHttpRequest" };
const SENT = 205; // the form left: it may be emptied
const SIGNED_OUT = 401;

/** The fields of a form without its files, which are sent on their own. */
function fieldsOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (!(value instanceof File)) fields.append(name, value);
  return fields;
}

function entryOf(mark) {
  const fields = fieldsOf(mark.form);
  return { address: mark.dataset.autosave, back: fields.get("retour") ?? "", body: `${fields}` };
}

function post(entry, signal) {
  const token = document.querySelector("[name='csrfmiddlewaretoken']")?.value;
  const body = new URLSearchParams(entry.body);
  if (token) body.set("csrfmiddlewaretoken", token);
  return fetch(entry.address, { method: "POST", body, headers: SCRIPT, signal, redirect: "manual" });
}

/** Whether the server has it, or knows that it left; a form whose protection expired is kept, and led elsewhere. */
function isTaken(answer) {
  return [200, SENT, SIGNED_OUT].includes(answer.status) || answer.type === "opaqueredirect";
}

behave("[data-autosave]", (mark, signal) => {
  const form = mark.form;
  const status = Object.assign(document.createElement("span"), { className: "hint autosaved" });
  status.setAttribute("role", "status");
  form.querySelector(".form-end")?.prepend(status);
  let timer = 0;
  let request = null;
  let isDirty = false;

  const saveIn = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  const wait = (entry) => {
    isDirty = true;
    remember(entry);
    status.textContent = mark.dataset.waiting;
    saveIn(AGAIN);
  };
  const save = async () => {
    if (!isDirty) return;
    isDirty = false;
    clearTimeout(timer);
    request = new AbortController();
    const entry = entryOf(mark);
    try {
      const answer = await post(entry, request.signal);
      if (!isTaken(answer)) return wait(entry);
      forget(entry.address);
      if (answer.status === SENT) return startAgain();
      status.textContent = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") wait(entry);
    }
  };
  /** The form left from another window: what is being typed here is another text, under a key of its own. */
  const startAgain = () => {
    const spent = form.elements.cle.value;
    const bytes = [...crypto.getRandomValues(new Uint8Array(12))];
    const fresh = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    form.elements.cle.value = fresh;
    mark.dataset.autosave = mark.dataset.autosave.replace(spent, fresh);
    for (const field of form.querySelectorAll("[data-files]")) {
      field.dataset.address = field.dataset.address.replace(spent, fresh);
      for (const remove of field.querySelectorAll("[data-remove]")) remove.closest(".file").remove(); // they left too
    }
    isDirty = true;
    saveIn(0);
  };
  const saveLater = () => {
    isDirty = true;
    saveIn(PAUSE);
  };

  const typing = (event) => {
    if (event.target.form === form && event.target.type !== "file") saveLater(); // its fields may stand beside it
  };
  document.addEventListener("input", typing, { signal });
  form.addEventListener("calypso:files", saveLater);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    request?.abort();
    isDirty = false;
    // The network may be gone: the next page asks whether it left. An act beside leaves what is typed to the server, which
    // keeps it but for what the act took: the tab would give that back.
    if (!event.submitter?.hasAttribute("formaction")) remember(entryOf(mark));
  });
  const leave = () => {
    if (!isDirty) return;
    const entry = entryOf(mark);
    remember(entry);
    navigator.sendBeacon(entry.address, new URLSearchParams(entry.body));
  };
  addEventListener("online", save, { signal });
  addEventListener("pagehide", leave, { signal });
});

/**
 * Gives the server what the tab still holds; takes up on this page what was written here and did not leave. A page that
 * answers a form shows what was typed already, and stays.
 */
async function recover(isBack) {
  const isAnswer = document.body.dataset.address !== undefined;
  for (const entry of waiting()) {
    const isShown = document.querySelector(`[data-autosave="${CSS.escape(entry.address)}"]`) !== null;
    if (isShown && !isBack && !isAnswer) {
      forget(entry.address); // the server made this page of it
      continue;
    }
    const answer = await post(entry).catch(() => null);
    if (answer === null || !isTaken(answer)) return;
    if (answer.status === SENT) {
      noteSent(entry);
      continue;
    }
    forget(entry.address);
    const isKept = answer.status === 200 && (await answer.text()) !== "";
    if (isKept && !isShown && !isAnswer && location.pathname === entry.back) {
      const asked = new URLSearchParams(location.search);
      asked.set("brouillon", new URLSearchParams(entry.body).get("cle"));
      location.replace(`${entry.back}?${asked}`);
      return;
    }
  }
}

/** Whether a browser that goes back filled a form in with what was there. */
function isFilledIn(form) {
  return [...form.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
}

/** What left is not there to leave again; what did not is taken up from its draft, which has its files and its key. */
function settleFilledIn(isBack) {
  const draft = document.querySelector(".unsent a");
  for (const mark of document.querySelectorAll("[data-autosave]")) {
    const fields = fieldsOf(mark.form);
    if (wasSent(fields.get("retour") ?? "", fields)) {
      if (isBack) location.reload();
      else if (document.body.dataset.address === undefined) mark.form.reset();
    } else if (!isBack && draft && isFilledIn(mark.form)) location.replace(draft.href);
  }
}

addEventListener("pageshow", async (event) => {
  await recover(event.persisted);
  settleFilledIn(event.persisted);
  if (!document.body.dataset.topics) forgetSent(); // nobody is signed in: the next person's tab holds no words of the last
});
