// What JavaScript adds to pages that work without it. One module, no dependency but htmx, no inline handler.
const root = document.documentElement;
root.classList.add("js");

/* Theme: the system's, until the person chooses; the choice is a cookie, so that the server paints the right one. */
function switchTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

function enhance(scope) {
  for (const button of scope.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.onclick = switchTheme;
  }
  for (const field of scope.querySelectorAll("[data-eye]")) {
    const [input, button] = [field.querySelector("input"), field.querySelector("button")];
    button.hidden = false;
    button.onclick = () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    };
  }
  scope.querySelectorAll("[data-files]").forEach(fileField);
  scope.querySelectorAll("[data-context-for]").forEach(contextField);
  scope.querySelectorAll("[data-tabs]").forEach(tabs);
  scope.querySelectorAll("[data-autosave]").forEach(autosave);
  scope.querySelectorAll("[data-find]").forEach(find);
  scope.querySelectorAll("form[method='post']").forEach(once);
  for (const details of scope.querySelectorAll("details.opens")) {
    details.addEventListener("toggle", () => { if (details.open) details.querySelector("textarea, input:not([type='hidden'])")?.focus(); });
  }
}

/* What is typed is kept on the server as one types, and when the page is left; an answer that leaves ends it. */
function autosave(mark) {
  const form = mark.form;
  const said = Object.assign(document.createElement("span"), { className: "hint autosaved" });
  form.querySelector(".form-end")?.prepend(said);
  let timer = 0, pending = null, dirty = false;
  const typed = () => {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    return body;
  };
  const save = async () => {
    dirty = false;
    pending = new AbortController();
    try {
      const answer = await fetch(mark.dataset.autosave, { method: "POST", body: typed(), headers: { "X-Requested-With": "XMLHttpRequest" }, signal: pending.signal });
      said.textContent = answer.ok ? await answer.text() : "";
    } catch { dirty = true; }
  };
  const later = () => { dirty = true; clearTimeout(timer); timer = setTimeout(save, 1500); };
  form.addEventListener("input", (event) => { if (event.target.type !== "file") later(); });
  form.addEventListener("calypso:files", later);
  form.addEventListener("submit", () => { clearTimeout(timer); pending?.abort(); dirty = false; });
  addEventListener("pagehide", () => { if (dirty) navigator.sendBeacon(mark.dataset.autosave, typed()); });
}

/* A form leaves once: the second click of an impatient hand does nothing. The server holds the promise anyway. */
function once(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (event.submitter?.name === "retirer") return;
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

/* « Le contexte » is compulsory for some priorities: the star and the attribute follow the choice. */
function contextField(field) {
  const input = field.querySelector("input, textarea");
  const star = field.querySelector("[data-star]");
  const update = () => {
    const chosen = document.querySelector(`[name='${field.dataset.contextFor}']:checked`);
    const needed = Boolean(chosen?.dataset.needsContext);
    input.required = needed;
    star.hidden = !needed;
  };
  document.querySelectorAll(`[name='${field.dataset.contextFor}']`).forEach((radio) => radio.addEventListener("change", update));
  update();
}

/* Files: each is sent as soon as it is chosen, dropped or pasted, with its progress; the form then only names them. */
function fileField(field) {
  const input = field.querySelector("input[type='file']");
  const kept = field.querySelector("[data-kept]");
  const drop = field.querySelector("[data-drop]");
  const form = field.closest("form");
  const token = () => form.querySelector("[name='csrfmiddlewaretoken']").value;
  const most = Number(field.dataset.most);
  const number = () => kept.querySelectorAll(".file").length;
  let queue = Promise.resolve();

  const count = () => {
    const counter = field.querySelector("[data-count]");
    if (counter) counter.textContent = `${number()} / ${most}`;
  };
  const say = (text) => {
    field.querySelectorAll("[data-said]").forEach((said) => said.remove());
    const line = document.createElement("p");
    line.dataset.said = "";
    line.className = "error";
    line.setAttribute("role", "alert");
    line.textContent = text;
    field.append(line);
    setTimeout(() => line.remove(), 12000);
  };
  const show = (html) => { kept.innerHTML = html; count(); form.dispatchEvent(new Event("calypso:files")); };

  const send = (file) => new Promise((done) => {
    if (number() >= most) { say(field.dataset.toomany); done(); return; }
    const line = document.createElement("li");
    line.className = "file";
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", `${file.name} : ${field.dataset.sending}`);
    line.append(name, bar);
    kept.querySelector(".files").append(line);
    count();
    const request = new XMLHttpRequest();
    request.open("POST", field.dataset.address);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onloadend = () => {
      if (request.status === 401) location.reload();
      else if (request.status === 200) show(request.responseText);
      else {
        line.remove();
        count();
        say(request.status === 422 ? request.responseText : `« ${file.name} » ${field.dataset.failed}`);
      }
      done();
    };
    const body = new FormData();
    body.append("attachments", file);
    request.send(body);
  });
  const sendAll = (files) => { for (const file of files) queue = queue.then(() => send(file)); };

  input.addEventListener("change", () => { sendAll([...input.files]); input.value = ""; });
  for (const kind of ["dragover", "dragenter"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); sendAll([...event.dataTransfer.files]); });
  form.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) { event.preventDefault(); sendAll(files); }
  });
  kept.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    const answer = await fetch(button.dataset.remove, { method: "POST", headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" } });
    if (answer.status === 401) location.reload();
    else if (answer.ok) { show(await answer.text()); input.focus(); }
  });
  form.addEventListener("submit", (event) => {
    if (kept.querySelector("progress")) { event.preventDefault(); delete form.dataset.sent; queue.then(() => form.requestSubmit(event.submitter)); }
  });
}

/* Two tabs on a narrow screen; on a wide one both panels are there and the tabs are hidden by the style sheet. */
function tabs(holder) {
  const narrow = matchMedia("(max-width: 1000px)");
  const buttons = [...holder.querySelectorAll("[role='tab']")];
  const panels = buttons.map((button) => document.getElementById(button.getAttribute("aria-controls")));
  holder.classList.add("real");
  let shown = Number(holder.dataset.tabs);
  const update = () => {
    holder.hidden = !narrow.matches;
    buttons.forEach((button, place) => {
      const selected = place === shown;
      button.setAttribute("aria-selected", String(selected));
      button.tabIndex = selected ? 0 : -1;
      panels[place].hidden = narrow.matches && !selected;
    });
  };
  buttons.forEach((button, place) => {
    button.onclick = () => { shown = place; update(); };
    button.onkeydown = (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      shown = (place + 1) % buttons.length;
      update();
      buttons[shown].focus();
    };
  });
  narrow.addEventListener("change", update);
  addEventListener("calypso:show-conversation", () => { shown = 1; update(); });
  update();
}

/* Under a field where one searches: what the question may become, and the first tickets; the arrows go through them. */
function find(form) {
  const input = form.querySelector("input[type='search']");
  const box = Object.assign(document.createElement("div"), { className: "offered", hidden: true });
  let timer = 0, asked = null;
  form.append(box);
  const items = () => [...box.querySelectorAll("a, button")];
  const offer = async () => {
    asked?.abort();
    asked = new AbortController();
    const of = input.value;
    try {
      const answer = await fetch(`${form.dataset.find}?${new URLSearchParams({ q: of })}`, { signal: asked.signal, headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (!answer.ok || answer.redirected) return;
      box.innerHTML = await answer.text();
      box.dataset.of = of;
      box.hidden = !box.childElementCount || !form.contains(document.activeElement);
    } catch { /* another letter was typed, or the network is gone: the form still asks the whole page */ }
  };
  const later = (delay) => { clearTimeout(timer); timer = setTimeout(offer, delay); };
  input.addEventListener("input", () => later(120));
  input.addEventListener("focus", () => later(0));
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) box.hidden = true; });
  box.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const offered = event.target.closest("[data-becomes]");
    if (!offered || box.dataset.of !== input.value) return; // offered for other words: these would be lost
    input.value = offered.dataset.becomes;
    input.focus();
    later(0);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden) { event.preventDefault(); box.hidden = true; input.focus(); return; }
    const at = items().indexOf(document.activeElement);
    const go = { ArrowDown: items()[at + 1], ArrowUp: at > 0 ? items()[at - 1] : input }[event.key];
    if (go && !box.hidden) { event.preventDefault(); go.focus(); }
  });
}

/* « + Ajouter » and the buttons of the banner open the same form. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-composer]");
  if (opener) {
    const composer = document.getElementById("composer");
    if (!composer) return;
    event.preventDefault();
    dispatchEvent(new Event("calypso:show-conversation"));
    composer.open = true;
    composer.scrollIntoView({ block: "center" });
    composer.querySelector("textarea").focus();
    return;
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

/* Keyboard: the shortcuts of the design system, never while somebody types. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const press = (selector, act) => {
    const target = document.querySelector(selector);
    if (target) { event.preventDefault(); act(target); }
  };
  if (event.key === "/") press(document.querySelector("main input[data-key='search']") ? "main input[data-key='search']" : "[data-key='search']", (field) => (field.matches("input") ? field.focus() : field.click()));
  else if (event.key === "c") press("[data-key='create']", (link) => link.click());
  else if (event.key === "?") press("[data-key='help']", (link) => link.click());
  else if (event.key === "j" || event.key === "k") {
    const rows = [...document.querySelectorAll("table.data .go a")];
    if (!rows.length) { press(event.key === "j" ? "[data-key='next']" : "[data-key='previous']", (link) => link.click()); return; }
    event.preventDefault();
    const here = rows.indexOf(document.activeElement);
    const next = event.key === "j" ? Math.min(here + 1, rows.length - 1) : Math.max(here - 1, 0);
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
  }
});

document.addEventListener("change", (event) => { if (event.target.closest("[data-submit-on-change]")) event.target.form.requestSubmit(); });
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
  const asked = event.target.closest("[data-sure]");
  if (asked && !confirm(asked.dataset.sure)) event.preventDefault();
});

/* A page that is looked at follows by itself: told that something happened, it asks its own address again and changes
   what differs, never what somebody is writing or choosing. Without a stream, it asks from time to time. */
function follow(topics) {
  const served = new Map();
  const asked = topics.map((topic) => ["sujet", topic]);
  const html = (element) => element.outerHTML.replace(/(csrfmiddlewaretoken" value=")[^"]*/g, "$1");
  const busy = (element) => element.querySelector("details[open], .htmx-request") || (element.contains(document.activeElement) && document.activeElement.matches("input:not([type='checkbox']), select, textarea"));
  const written = () => [...document.querySelectorAll("main textarea")].some((field) => field.value !== field.defaultValue);
  let source = null, failures = 0, asking = false, again = false, late = 0, beat = 0, seen = document.body.dataset.madeAt;

  const swap = (old, fresh) => {
    const checked = new Set([...old.querySelectorAll(":checked")].map((box) => `${box.name}=${box.value}`));
    const link = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
    old.replaceWith(fresh);
    htmx.process(fresh);
    for (const box of fresh.querySelectorAll("input[type='checkbox']")) box.checked = checked.has(`${box.name}=${box.value}`);
    htmx.trigger(fresh, "htmx:afterSwap", { elt: fresh });
    if (link) fresh.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus();
  };
  const show = (page) => {
    for (const old of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(old.id);
      if (!fresh) { if (!written()) location.reload(); return; }
      const text = html(fresh), known = served.get(old.id) ?? html(old);
      if (text === known) continue;
      if (busy(old)) { again = true; continue; }
      served.set(old.id, text);
      swap(old, document.adoptNode(fresh));
    }
  };
  const refresh = async () => {
    if (asking || document.hidden) { again = true; return; }
    [asking, again] = [true, false];
    const start = performance.now();
    try {
      const answer = await fetch(location.href, { headers: { "X-Calypso-Live": "1" }, cache: "no-store" });
      if (answer.ok && !answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      else if (!written()) location.reload();
    } catch { again = true; }
    // A server that takes long is left alone for longer; what is being chosen is looked at again a little later.
    setTimeout(() => { asking = false; if (again) refresh(); }, Math.max(again ? 2000 : 300, 10 * (performance.now() - start)));
  };
  const poll = async () => {
    try {
      const answer = await fetch(`/direct/depuis/?${new URLSearchParams([...asked, ["vu", seen]])}`, { headers: { "X-Calypso-Live": "1", "X-Requested-With": "XMLHttpRequest" } });
      if (answer.status === 200) { const { vu, change } = await answer.json(); seen = vu; if (change) refresh(); }
      else if (answer.status === 401 || answer.status === 404) refresh();
    } catch { /* the network is away: asked again at the next beat */ }
  };
  const stop = () => { source?.close(); source = null; clearInterval(beat); clearTimeout(late); };
  const listen = () => {
    stop();
    source = new EventSource(`/direct/?${new URLSearchParams([...asked, ["vu", seen]])}`);
    source.onopen = () => { clearInterval(beat); if (failures) refresh(); failures = 0; };
    source.addEventListener("change", refresh);
    source.addEventListener("presence", () => dispatchEvent(new Event("calypso:presence")));
    source.addEventListener("fin", () => { stop(); refresh(); late = setTimeout(listen, 5000); });
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      stop();
      failures += 1;
      poll();
      beat = setInterval(poll, 10000);
      late = setTimeout(listen, 60000);
    };
  };
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else { listen(); refresh(); } });
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  if (!document.hidden) listen();
}
if (document.body.dataset.topics) addEventListener("load", () => follow(document.body.dataset.topics.split(" ")));

/* After an act: focus goes to what matters, and the word of confirmation leaves the address and then the screen. */
document.querySelector("[data-focus]")?.focus();
const toast = document.querySelector("[data-toast]");
if (toast) {
  const address = new URL(location.href);
  address.searchParams.delete("fait");
  history.replaceState(null, "", address);
  setTimeout(() => toast.remove(), 8000);
}
document.body.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.elt.parentElement ?? document));
enhance(document);

// Passkeys: the browser makes or proves one, the form carries its answer (JSON) to the server.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || form.elements.answer.value) return;
  event.preventDefault();
  const { passkey: act, options } = form.dataset;
  const button = form.querySelector("button");
  button.disabled = true; // one question at a time
  try {
    const kind = globalThis.PublicKeyCredential;
    const read = act === "create" ? kind.parseCreationOptionsFromJSON : kind.parseRequestOptionsFromJSON;
    const made = await navigator.credentials[act]({ publicKey: read.call(kind, JSON.parse(options)) });
    form.elements.answer.value = JSON.stringify(made.toJSON());
  } catch {
    form.elements.answer.value = "{}"; // given up or impossible here: the server says so in words
  }
  button.disabled = false;
  delete form.dataset.sent;
  form.requestSubmit();
});
