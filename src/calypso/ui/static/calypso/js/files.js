/** Files: each is sent as soon as it is chosen, dropped or pasted, with its progress; the form then only names them. */
import { behave } from "./behaviours.js";
import { hold } from "./submitting.js";

const EXPIRED = 403; // somebody signed in again since this page was opened
const SCRIPT = { "X-Requested-With": "XMLHttpRequest" };

behave("[data-files]", (field) => {
  const input = field.querySelector("input[type='file']");
  const kept = field.querySelector("[data-kept]");
  const drop = field.querySelector("[data-drop]");
  const form = field.closest("form");
  const most = Number(field.dataset.most);
  const token = () => form.querySelector("[name='csrfmiddlewaretoken']").value;
  const number = () => kept.querySelectorAll(".file").length;
  const status = Object.assign(document.createElement("span"), { className: "hint" });
  status.setAttribute("role", "status");
  form.querySelector(".form-end")?.prepend(status);
  let queue = Promise.resolve();
  let failures = 0; // since the person last looked: a form does not leave without a file that it was given
  const failed = new Map(); // the lines of the files that could not be sent, and the files

  const count = () => {
    const counter = field.querySelector("[data-count]");
    if (counter) counter.textContent = `${number()} / ${most}`;
  };
  const hush = () => {
    for (const line of field.querySelectorAll("[data-said]")) line.remove();
  };
  const sayOf = (file, sentence) => say(sentence.replace("{name}", () => file.name));
  const say = (text) => {
    const line = Object.assign(document.createElement("p"), { className: "error", textContent: text });
    line.dataset.said = "";
    line.setAttribute("role", "alert");
    field.append(line);
  };
  const show = (html) => {
    kept.innerHTML = html;
    kept.querySelector(".files").append(...failed.keys());
    count();
    form.dispatchEvent(new Event("calypso:files"));
  };
  const button = (text, label, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };
  const lineOf = (file, className, ...parts) => {
    const line = Object.assign(document.createElement("li"), { className });
    line.append(Object.assign(document.createElement("span"), { className: "name", textContent: file.name }), ...parts);
    kept.querySelector(".files").append(line);
    return line;
  };

  const send = (file) =>
    new Promise((done) => {
      if (file.size > Number(field.dataset.maxMb) * 2 ** 20) {
        failures += 1;
        sayOf(file, field.dataset.toobig);
        done();
        return;
      }
      if (number() >= most && !file.replaces) {
        failures += 1;
        sayOf(file, field.dataset.toomany);
        done();
        return;
      }
      const request = new XMLHttpRequest();
      let cancelled = false;
      const bar = Object.assign(document.createElement("progress"), { max: 1 });
      bar.setAttribute("aria-label", `${file.name} : ${field.dataset.sending}`);
      const cancel = button("×", `${field.dataset.cancel} ${file.name}`, () => {
        cancelled = true;
        request.abort();
        input.focus();
      });
      const line = lineOf(file, "file", bar, cancel);
      count();
      request.open("POST", field.dataset.address);
      request.setRequestHeader("X-CSRFToken", token());
      request.setRequestHeader("X-Requested-With", SCRIPT["X-Requested-With"]);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      };
      request.upload.onload = () => cancel.remove(); // the server has it whole: taken out as any other
      request.onloadend = () => {
        line.remove();
        if (!cancelled && request.status === 200) show(request.responseText);
        else if (!cancelled) sayRefused(file, request);
        count();
        done();
      };
      const body = new FormData();
      body.append("attachments", file);
      if (file.replaces) body.append("remplace", file.replaces);
      body.append("compte", form.querySelector("[name='compte']").value); // its account, should the session have ended
      request.send(body);
    });
  const sayRefused = (file, { status, responseText }) => {
    failures += 1;
    if (status === 422) say(responseText);
    else keepFailed(file, status === EXPIRED ? field.dataset.expired : field.dataset.failed);
  };
  /** A file that the network did not take stays in sight: sent again by hand, or when the form leaves, or taken out. */
  const keepFailed = (file, sentence) => {
    const again = button(field.dataset.again, "", () => retry([line]));
    const without = button("×", `${field.dataset.without} ${file.name}`, () => {
      failed.delete(line);
      line.remove();
      hush();
      count();
    });
    const line = lineOf(file, "file failed", again, without);
    failed.set(line, file);
    sayOf(file, sentence);
  };
  const retry = (lines) => {
    const files = lines.map((line) => failed.get(line));
    for (const line of lines) {
      failed.delete(line);
      line.remove();
    }
    sendAll(files);
  };
  const sendAll = (files) => {
    hush();
    for (const file of files) queue = queue.then(() => send(file));
  };

  input.addEventListener("change", () => {
    sendAll([...input.files]);
    input.value = "";
  });
  for (const kind of ["dragover", "dragenter"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    sendAll([...event.dataTransfer.files]);
  });
  form.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    sendAll(files);
  });
  kept.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    const headers = { "X-CSRFToken": token(), ...SCRIPT };
    const answer = await fetch(button.dataset.remove, { method: "POST", headers }).catch(() => null);
    if (!answer?.ok) return say(field.dataset.stays);
    show(await answer.text());
    input.focus();
  });
  /** The annotated picture goes beside the original; where something was blurred, in its place. */
  kept.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-annotate]");
    if (!button) return;
    const { annotate: address, name, key } = button.dataset;
    const { annotate } = await import("./annotate.js");
    const result = await annotate(address);
    if (!result) return result === null || sayOf({ name }, field.dataset.unreadable);
    const file = new File(
      [result.blob],
      field.dataset.annotated.replace("{name}", () => name.replace(/\.[^.]*$/, "")),
      {
        type: "image/png",
      },
    );
    if (result.isBlurred || number() >= most) file.replaces = key; // no place is left for both
    sendAll([file]);
  });
  form.addEventListener("submit", async (event) => {
    if (!kept.querySelector("progress") && !failed.size) return;
    event.preventDefault();
    if ("held" in form.dataset) return;
    failures = 0;
    retry([...failed.keys()]);
    await hold(form, status, field.dataset.held, queue);
    const button = event.submitter && sameButton(event.submitter);
    if (!failures && button !== undefined) form.requestSubmit(button);
  });
  /** The button that was pressed, or what stands for it on a page that followed a change; undefined when nothing does. */
  const sameButton = (pressed) => {
    if (pressed.form === form) return pressed;
    return [...form.elements].find((one) => one.name === pressed.name && one.value === pressed.value);
  };
});
