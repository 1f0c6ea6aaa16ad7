/** What a button asks and does not get is said: a button that does nothing looks broken. */

const STAYS = 8000; // milliseconds

function say(text) {
  document.querySelector(".toast.failed")?.remove();
  const toast = Object.assign(document.createElement("div"), { className: "toast failed", textContent: text });
  toast.setAttribute("role", "alert");
  document.body.append(toast);
  setTimeout(() => toast.remove(), STAYS);
}

// What a page asks by itself is asked again soon: its failure is nobody's concern.
const isByItself = (event) => event.detail.requestConfig.headers["X-Calypso-Live"] !== undefined;

for (const kind of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(kind, (event) => {
    if (!isByItself(event) && event.detail.xhr.status !== 401) say(document.body.dataset.failed);
  });
}
