/** Annotating a picture before it is sent, by pointer or by keyboard (see `sketch.js` for what is drawn). */
import { whenMade } from "./pictures.js";
import { Sketch } from "./sketch.js";
import { ask } from "./sure.js";

const MARGIN = 14; // pixels around the picture
const STEPS = 40; // presses of an arrow key from one side to the other; five times as many with Shift

/** Opens the picture at `address`. Resolves to { blob, isBlurred } once saved, null when left, undefined without picture. */
export async function annotate(address) {
  const made = await whenMade(address);
  if (!made) return undefined;
  const picture = await createImageBitmap(made);
  return new Promise((done) => open(new Sketch(picture), done));
}

function open(sketch, done) {
  const dialog = document.querySelector("template[data-annotating]").content.firstElementChild.cloneNode(true);
  const canvas = dialog.querySelector("canvas");
  const words = dialog.querySelector("[name='words']");
  const undo = dialog.querySelector("[data-undo]");
  const tool = () => dialog.querySelector("[name='tool']:checked").value;
  const leaving = new AbortController();
  let pending = null;
  let cursor = null; // where the keyboard points; nowhere until an arrow key is pressed

  const draw = () => {
    sketch.draw(canvas, pending);
    const { clientWidth, clientHeight } = canvas.parentElement;
    canvas.style.maxWidth = `${clientWidth - 2 * MARGIN}px`;
    canvas.style.maxHeight = `${clientHeight - MARGIN}px`;
    undo.disabled = !sketch.shapes.length;
    if (cursor) cross(canvas, cursor, sketch);
  };
  const begin = (point) => {
    const shape = { tool: tool(), x: point.x, y: point.y, toX: point.x, toY: point.y };
    if (shape.tool !== "text") {
      pending = shape;
      return;
    }
    if (!sketch.add({ ...shape, text: words.value })) setTimeout(() => words.focus()); // once the press is over
  };
  const reach = (point) => {
    if (pending) [pending.toX, pending.toY] = [point.x, point.y];
  };
  const end = () => {
    if (pending) sketch.add(pending);
    pending = null;
    draw();
  };
  const close = (result) => {
    leaving.abort();
    dialog.close();
    dialog.remove();
    done(result);
  };

  const pointOf = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const { x, y } = sketch.frame;
    const across = (event.clientX - left) * (canvas.width / width);
    const down = (event.clientY - top) * (canvas.height / height);
    return { x: x + across, y: y + down };
  };
  canvas.addEventListener("pointerdown", (event) => {
    cursor = null;
    canvas.setPointerCapture(event.pointerId);
    begin(pointOf(event));
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!pending) return;
    reach(pointOf(event));
    draw();
  });
  canvas.addEventListener("pointerup", end);

  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const { x, y, width, height } = sketch.frame;
    if (event.key in moves) {
      const step = width / STEPS / (event.shiftKey ? 5 : 1);
      const [across, down] = moves[event.key];
      cursor ??= { x: x + width / 2, y: y + height / 2 };
      cursor.x = Math.min(x + width, Math.max(x, cursor.x + across * step));
      cursor.y = Math.min(y + height, Math.max(y, cursor.y + down * step));
      reach(cursor);
    } else if (event.key === "Enter" || event.key === " ") {
      cursor ??= { x: x + width / 2, y: y + height / 2 };
      if (pending) end();
      else begin(cursor);
    } else if (event.key === "Escape" && pending) {
      pending = null;
    } else return;
    event.preventDefault();
    draw();
  });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the keys of the page rest
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.target === words) return;
    event.preventDefault();
    sketch.undo();
    draw();
  });
  undo.addEventListener("click", () => {
    sketch.undo();
    draw();
    canvas.focus();
  });
  const leave = async () => {
    if (!sketch.shapes.length || (await ask(dialog.dataset.unsaved))) close(null);
  };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.querySelector("[data-leave]").addEventListener("click", leave);
  addEventListener("resize", draw, { signal: leaving.signal });
  dialog.querySelector("[data-save]").addEventListener("click", () => {
    if (!sketch.shapes.length) return close(null);
    cursor = pending = null;
    draw();
    canvas.toBlob((blob) => close({ blob, isBlurred: sketch.isBlurred }), "image/png");
  });
  document.body.append(dialog);
  dialog.showModal();
  draw();
  canvas.focus();
}

/** Where the keyboard points. */
function cross(canvas, { x, y }, { unit }) {
  const pen = canvas.getContext("2d");
  const arm = unit * 8;
  for (const [color, width] of [
    ["#ffffff", unit * 2],
    ["#0a6e74", unit],
  ]) {
    pen.strokeStyle = color;
    pen.lineWidth = Math.max(1, width);
    pen.beginPath();
    pen.moveTo(x - arm, y);
    pen.lineTo(x + arm, y);
    pen.moveTo(x, y - arm);
    pen.lineTo(x, y + arm);
    pen.stroke();
  }
}
