/** The viewer: one picture of the page over it, its neighbours a key or a swipe away, as near as one wants to look. */

const NEAREST = 8; // times its size
const STEP = 1.4; // of one press of a zoom key, or of the wheel
const SWIPE = 60; // pixels that a finger travels to ask for the next one

let viewer = null;

/** Shows the picture of a link of the page. */
export function look(link) {
  viewer ??= create();
  viewer.open(link);
}

function create() {
  const dialog = document.querySelector("template[data-viewer]").content.firstElementChild.cloneNode(true);
  const part = (name) => dialog.querySelector(`[data-part='${name}']`);
  const stage = part("stage");
  const image = part("image");
  const pointers = new Map(); // where each finger is, by its number
  let links = [];
  let current = 0;
  let scale = 1;
  let left = 0;
  let top = 0;
  let start = null; // where a single finger came down

  const place = () => {
    const isNear = scale > 1;
    if (!isNear) left = top = 0;
    image.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    stage.classList.toggle("near", isNear);
  };
  const zoom = (times) => {
    scale = Math.min(NEAREST, Math.max(1, scale * times));
    place();
  };
  const show = (number) => {
    current = (number + links.length) % links.length;
    const link = links[current];
    const name = link.dataset.look;
    scale = 1;
    place();
    image.src = link.href;
    image.alt = name;
    part("name").textContent = name;
    part("rank").textContent = links.length > 1 ? `${current + 1} / ${links.length}` : "";
    part("download").hidden = !link.dataset.download;
    if (link.dataset.download) part("download").href = link.dataset.download;
    for (const side of ["before", "after"]) part(side).hidden = links.length < 2;
  };
  const open = (link) => {
    const seen = new Map([...document.querySelectorAll("a[data-look]")].map((one) => [one.href, one]));
    links = [...seen.values()];
    show([...seen.keys()].indexOf(link.href));
    dialog.showModal();
    stage.focus();
  };

  const keys = {
    ArrowLeft: () => show(current - 1),
    ArrowRight: () => show(current + 1),
    "+": () => zoom(STEP),
    "=": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
    0: () => zoom(0),
  };
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the keys of the page rest
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  part("close").addEventListener("click", () => dialog.close());
  part("before").addEventListener("click", () => show(current - 1));
  part("after").addEventListener("click", () => show(current + 1));
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP);
  });
  stage.addEventListener("dblclick", () => zoom(scale > 1 ? 0 : 2.5));

  const spread = () => {
    const [one, other] = [...pointers.values()];
    return Math.hypot(one.x - other.x, one.y - other.y);
  };
  stage.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    stage.setPointerCapture(event.pointerId);
    start = pointers.size === 1 ? { x: event.clientX, y: event.clientY } : null;
  });
  stage.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const apart = pointers.size === 2 ? spread() : 0;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (apart) zoom(spread() / apart);
    else if (scale > 1 && pointers.size === 1) {
      left += event.clientX - before.x;
      top += event.clientY - before.y;
      place();
    }
  });
  stage.addEventListener("pointerup", (event) => {
    pointers.delete(event.pointerId);
    const across = start && scale === 1 && links.length > 1 ? event.clientX - start.x : 0;
    if (Math.abs(across) > SWIPE) show(current + (across < 0 ? 1 : -1));
    start = null;
  });
  stage.addEventListener("pointercancel", (event) => {
    pointers.delete(event.pointerId);
    start = null;
  });
  document.body.append(dialog);
  return { open };
}
