/**
 * What is drawn over a picture, in its own pixels: arrows, boxes, words, what is blurred, what is cropped. Shapes are
 * values; the last one may be taken back. What was blurred cannot be read again: a handful of pixels is left of it.
 */

const INK = "#d92d20";
const HALO = "#ffffff";
const LEFT_OF_BLUR = 8; // pixels a side, at most, that are left of what is blurred
const SMALLEST = 4; // pixels: less is a slip of the hand

/** @typedef {{ tool: "arrow"|"box"|"text"|"blur"|"crop", x: number, y: number, toX: number, toY: number, text?: string }} Shape */

export class Sketch {
  /** @param {CanvasImageSource & {width: number, height: number}} picture */
  constructor(picture) {
    this.picture = picture;
    /** @type {Shape[]} */
    this.shapes = [];
    this.unit = Math.max(picture.width, picture.height) / 400; // the width of a line
  }

  /** Adds a shape; false when it is too small to be meant. */
  add(shape) {
    const small = Math.max(Math.abs(shape.toX - shape.x), Math.abs(shape.toY - shape.y)) < SMALLEST;
    if (shape.tool === "text" ? !shape.text.trim() : small) return false;
    this.shapes.push(shape);
    return true;
  }

  undo() {
    return this.shapes.pop();
  }

  get isBlurred() {
    return this.shapes.some((shape) => shape.tool === "blur");
  }

  /** The part of the picture that is kept. */
  get frame() {
    const crop = this.shapes.findLast((shape) => shape.tool === "crop");
    if (!crop) return { x: 0, y: 0, width: this.picture.width, height: this.picture.height };
    const { x, y, width, height } = rectangle(crop);
    const left = Math.max(0, Math.round(x));
    const top = Math.max(0, Math.round(y));
    return {
      x: left,
      y: top,
      width: Math.max(1, Math.round(Math.min(this.picture.width, x + width)) - left),
      height: Math.max(1, Math.round(Math.min(this.picture.height, y + height)) - top),
    };
  }

  /** Draws the picture and its shapes, and the one that is being drawn, on a canvas that takes the size of the frame. */
  draw(canvas, pending = null) {
    const frame = this.frame;
    canvas.width = frame.width;
    canvas.height = frame.height;
    const pen = canvas.getContext("2d");
    pen.translate(-frame.x, -frame.y);
    pen.drawImage(this.picture, 0, 0);
    const shapes = pending ? [...this.shapes, pending] : this.shapes;
    for (const shape of shapes) if (shape.tool === "blur") this.#blur(pen, shape);
    for (const shape of shapes) this.#stroke(pen, shape, shape === pending);
  }

  #blur(pen, shape) {
    const { x, y, width, height } = rectangle(shape);
    if (width < 1 || height < 1) return;
    const columns = Math.max(1, Math.min(LEFT_OF_BLUR, Math.ceil(width / 24)));
    const rows = Math.max(1, Math.min(LEFT_OF_BLUR, Math.ceil(height / 24)));
    const rest = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
    rest.getContext("2d").drawImage(this.picture, x, y, width, height, 0, 0, columns, rows);
    pen.drawImage(rest, x, y, width, height);
  }

  #stroke(pen, shape, isPending) {
    const { x, y, width, height } = rectangle(shape);
    if (shape.tool === "arrow") this.#twice(pen, () => arrow(pen, shape, this.unit * 7));
    else if (shape.tool === "box") this.#twice(pen, () => pen.strokeRect(x, y, width, height));
    else if (shape.tool === "text") this.#write(pen, shape);
    else if (isPending) {
      pen.save();
      pen.setLineDash([this.unit * 3, this.unit * 2]);
      this.#twice(pen, () => pen.strokeRect(x, y, width, height));
      pen.restore();
    }
  }

  /** A light line under the red one: seen on any picture. */
  #twice(pen, trace) {
    pen.lineJoin = pen.lineCap = "round";
    for (const [color, width] of [
      [HALO, this.unit * 2.4],
      [INK, this.unit * 1.4],
    ]) {
      pen.strokeStyle = color;
      pen.lineWidth = Math.max(2, width);
      trace();
    }
  }

  /** Words stand where they were placed, or as near as the picture lets them stand whole. */
  #write(pen, shape) {
    const size = Math.max(14, this.unit * 9);
    const frame = this.frame;
    pen.font = `600 ${size}px system-ui, sans-serif`;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.strokeStyle = HALO;
    pen.fillStyle = INK;
    pen.lineWidth = Math.max(3, this.unit * 2.4);
    const lines = wrapped(shape.text.trim(), frame.width - size, (line) => pen.measureText(line).width);
    const width = Math.max(...lines.map((line) => pen.measureText(line).width));
    const left = within(shape.x, frame.x + size / 2, frame.x + frame.width - size / 2 - width);
    const top = within(shape.y, frame.y + size, frame.y + frame.height - size * 1.25 * lines.length);
    lines.forEach((line, number) => {
      pen.strokeText(line, left, top + number * size * 1.25);
      pen.fillText(line, left, top + number * size * 1.25);
    });
  }
}

/** The words of a text in lines no wider than `most`; a word that is wider has a line of its own. */
export function wrapped(text, most, widthOf) {
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && widthOf(longer) <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const within = (value, least, most) => Math.max(least, Math.min(value, most));

function rectangle({ x, y, toX, toY }) {
  return { x: Math.min(x, toX), y: Math.min(y, toY), width: Math.abs(toX - x), height: Math.abs(toY - y) };
}

function arrow(pen, { x, y, toX, toY }, head) {
  const angle = Math.atan2(toY - y, toX - x);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
  for (const turn of [Math.PI - 0.45, Math.PI + 0.45]) {
    pen.moveTo(toX, toY);
    pen.lineTo(toX + head * Math.cos(angle + turn), toY + head * Math.sin(angle + turn));
  }
  pen.stroke();
}
