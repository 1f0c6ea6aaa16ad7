/**
 * A page that is looked at follows by itself. Told that something happened, it asks its own address again and changes
 * what differs, never what somebody is writing or choosing. Without a stream, it asks from time to time.
 */
import { join } from "./stream.js";
import { stripTokens } from "./text.js";

const SIGNED_OUT = 401; // what is being typed is kept all the same, and says so
const POLL = 10_000; // milliseconds between two questions without a stream
const REST = 300; // milliseconds at least between two refreshes
const BUSY_REST = 2000; // milliseconds before what was being chosen is looked at again
const SETTLE = 1000; // milliseconds during which buttons that came under a finger take nothing
const LEAVING = 20_000; // milliseconds that a form which was sent may take to bring its page

let leavingUntil = 0;
/** Whether a form was sent whose page has not come yet: to reload this one would cancel it, and lead nobody on. */
const isLeaving = () => performance.now() < leavingUntil;
document.addEventListener("submit", (event) => {
  setTimeout(() => {
    if (!event.defaultPrevented) leavingUntil = performance.now() + LEAVING;
  });
});
addEventListener("pageshow", () => {
  leavingUntil = 0;
});

// Where somebody writes; what narrows a list is no text.
const TYPED = "main textarea, main form[method='post'] input:is([type='text'], :not([type]))";
const served = new Map(); // the parts as the server last sent them, by id

function isBusy(part) {
  if (part.querySelector("details[open], .htmx-request")) return true;
  const active = document.activeElement;
  return part.contains(active) && active.matches("input:not([type='checkbox']), select, textarea");
}

function isWriting() {
  const isGivenBack = (field) =>
    field.matches("textarea") && field.value && field.form?.querySelector("[data-autosave]");
  const isTyped = (field) => field.value !== field.defaultValue || isGivenBack(field);
  return [...document.querySelectorAll(TYPED)].some(isTyped);
}

function buttonsOf(part) {
  return [...part.querySelectorAll("button")].map((button) => button.textContent.trim()).join("\n");
}

/**
 * Puts the fresh part in the place of the old one; what is ticked stays ticked, a link in focus stays in focus. Buttons
 * that changed rest for a moment: nobody closes a ticket with the finger that meant to comment on it.
 */
function swap(old, fresh) {
  const checked = new Set([...old.querySelectorAll(":checked")].map((box) => `${box.name}=${box.value}`));
  const link = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
  if (buttonsOf(old) !== buttonsOf(fresh)) {
    fresh.inert = true;
    setTimeout(() => {
      fresh.inert = false;
    }, SETTLE);
  }
  old.replaceWith(fresh);
  htmx.process(fresh);
  for (const box of fresh.querySelectorAll("input[type='checkbox']")) {
    box.checked = checked.has(`${box.name}=${box.value}`);
  }
  if (link) fresh.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus();
}

// The banner that opens the form says what is new: who comes by it has read it.
document.addEventListener("click", (event) => {
  if (event.target.closest("a[href$='#composer']")) delete document.body.dataset.newer;
});

/** Where the page is read: its address, or the one that a page which answers a form names. */
const address = () => document.body.dataset.address ?? location.href;

/** The page is another one now: it is shown, unless somebody writes; then they are told, and keep their text. */
function becomeOther(gone = []) {
  if (!isWriting()) {
    if (document.body.dataset.address === undefined) location.reload();
    else location.assign(address());
    return;
  }
  for (const part of gone) part.hidden = true;
  const notice = document.querySelector("[data-outdated]");
  notice.setAttribute("role", "alert"); // said only when it is shown
  notice.hidden = false;
}

/** Shows what changed of a page just fetched; false when something could not be changed yet. */
function show(page) {
  let isWhole = true;
  const gone = [];
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(old.id);
    if (!fresh) {
      gone.push(old);
      continue;
    }
    old.hidden = fresh.hidden;
    const text = stripTokens(fresh.outerHTML);
    if (text === (served.get(old.id) ?? stripTokens(old.outerHTML))) continue;
    if (isBusy(old)) {
      isWhole = false;
      continue;
    }
    served.set(old.id, text);
    if (old.id === "conversation" && isWriting()) document.body.dataset.newer = "";
    swap(old, document.adoptNode(fresh));
  }
  const isFuller = [...page.querySelectorAll("[data-live]")].some((part) => !document.getElementById(part.id));
  if (gone.length || isFuller)
    becomeOther(gone); // what closed, or opened again, is another page
  else document.querySelector("[data-outdated]").hidden = true; // it is what it was again
  return isWhole;
}

/** Follows the topics for as long as the page is looked at. */
function follow(topics) {
  const asked = topics.map((topic) => ["sujet", topic]);
  let leave = null; // what stops the page from listening
  let isAsking = false;
  let again = false;
  let beat = 0;
  let seen = document.body.dataset.madeAt;

  const take = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    seen = page.body.dataset.madeAt ?? seen;
    return show(page);
  };
  const refresh = async () => {
    if (isAsking || document.hidden) {
      again = true;
      return;
    }
    isAsking = true;
    again = false;
    const start = performance.now();
    try {
      const answer = await fetch(address(), { headers: { "X-Calypso-Live": "1" }, cache: "no-store" });
      const text = await answer.text();
      if (isLeaving()) again = true;
      else if (answer.ok && !answer.redirected) again = !take(text);
      else if (answer.status !== SIGNED_OUT || !isWriting()) becomeOther();
    } catch {
      again = true;
    }
    // A server that takes long is left alone for longer.
    const rest = Math.max(again ? BUSY_REST : REST, 10 * (performance.now() - start));
    setTimeout(() => {
      isAsking = false;
      if (again) refresh();
    }, rest);
  };
  const poll = async () => {
    try {
      const headers = { "X-Calypso-Live": "1", "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(`/direct/depuis/?${new URLSearchParams([...asked, ["vu", seen]])}`, { headers });
      if (answer.status === 200) {
        const { vu, change } = await answer.json();
        seen = vu;
        if (change) refresh();
      } else if (answer.status === 401 || answer.status === 404) refresh();
    } catch {
      // The network is away: asked again at the next beat.
    }
  };
  const stop = () => {
    leave?.();
    leave = null;
    clearInterval(beat);
  };
  const listen = () => {
    stop();
    leave = join(topics, {
      seen: () => seen,
      change: refresh,
      presence: () => dispatchEvent(new Event("calypso:presence")),
      state: (isOpen) => {
        clearInterval(beat);
        if (isOpen) return;
        poll();
        beat = setInterval(poll, POLL);
      },
    });
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || !event.target.closest("[data-refresh]")) return;
    event.preventDefault();
    refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
    else {
      listen();
      refresh();
    }
  });
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => {
    if (event.persisted) listen();
  });
  if (!document.hidden) listen();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-reload]")) location.assign(address());
});

// What answers a form without naming where it is read cannot be asked again: asking would send the form again.
if (document.body.dataset.topics && address()) {
  addEventListener("load", () => follow(document.body.dataset.topics.split(" ")));
}
