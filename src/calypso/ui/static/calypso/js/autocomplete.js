/** Under a search field: what the words may become, and the first tickets; the arrows go through them. */
import { behave } from "./behaviours.js";

const PAUSE = 120; // milliseconds between the last key and the request

behave("[data-find]", (form) => {
  const input = form.querySelector("input[type='search']");
  const box = Object.assign(document.createElement("div"), { className: "offered", hidden: true });
  let timer = 0;
  let request = null;
  let isWanted = false; // Enter was pressed before the answer came: it takes the first one
  form.append(box);

  const items = () => [...box.querySelectorAll("a, button")];
  const offer = async () => {
    request?.abort();
    request = new AbortController();
    const words = input.value;
    try {
      const address = new URL(form.dataset.find, location.href);
      address.searchParams.set("q", words);
      const headers = { "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(address, { signal: request.signal, headers });
      if (!answer.ok || answer.redirected) throw new Error("no answer");
      box.innerHTML = await answer.text();
      box.dataset.of = words;
      box.hidden = !box.childElementCount || !form.contains(document.activeElement);
      if (isWanted && words === input.value) takeFirst();
    } catch (failure) {
      // Another letter was typed, or the network is gone: the form still asks for the whole page.
      if (failure.name !== "AbortError" && isWanted && words === input.value) form.submit();
    }
  };
  const takeFirst = () => {
    isWanted = false;
    const [first] = items();
    if (first) first.click();
    else form.requestSubmit();
  };
  const offerLater = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(offer, delay);
  };

  input.addEventListener("input", () => {
    isWanted = false;
    offerLater(PAUSE);
  });
  input.addEventListener("focus", () => offerLater(0));
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) box.hidden = true;
  });
  box.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const offered = event.target.closest("[data-becomes]");
    if (!offered || box.dataset.of !== input.value) return; // offered for other words: these would be lost
    input.value = offered.dataset.becomes;
    input.focus();
    offerLater(0);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === input && "first" in form.dataset && input.value) {
      event.preventDefault();
      isWanted = box.dataset.of !== input.value;
      if (isWanted) offerLater(0);
      else takeFirst();
      return;
    }
    if (box.hidden) return;
    if (event.key === "Escape") {
      event.preventDefault();
      box.hidden = true;
      input.focus();
      return;
    }
    const at = items().indexOf(document.activeElement);
    const next = { ArrowDown: items()[at + 1], ArrowUp: at > 0 ? items()[at - 1] : input }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
});
