/** What is drawn over a picture: which part is kept, what may be taken back, when the original must go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Sketch, wrapped } from "../../src/calypso/ui/static/calypso/js/sketch.js";

const picture = { width: 800, height: 600 };
const shape = (tool, x, y, toX, toY, text) => ({ tool, x, y, toX, toY, text });

test("a crop keeps what is inside the picture, from whichever corner it was drawn", () => {
  const sketch = new Sketch(picture);
  assert.deepEqual(sketch.frame, { x: 0, y: 0, width: 800, height: 600 });
  sketch.add(shape("crop", 900, 500, 100, -50));
  assert.deepEqual(sketch.frame, { x: 100, y: 0, width: 700, height: 500 });
  sketch.add(shape("crop", 200, 100, 300, 200));
  assert.deepEqual(sketch.frame, { x: 200, y: 100, width: 100, height: 100 });
  sketch.undo();
  assert.deepEqual(sketch.frame, { x: 100, y: 0, width: 700, height: 500 });
});

test("a slip of the hand and a text without words draw nothing", () => {
  const sketch = new Sketch(picture);
  assert.equal(sketch.add(shape("box", 10, 10, 12, 11)), false);
  assert.equal(sketch.add(shape("text", 10, 10, 10, 10, "  ")), false);
  assert.equal(sketch.shapes.length, 0);
  assert.equal(sketch.add(shape("text", 10, 10, 10, 10, "Ici")), true);
});

test("the original goes as soon as something is blurred, and stays once that is taken back", () => {
  const sketch = new Sketch(picture);
  sketch.add(shape("arrow", 0, 0, 100, 100));
  assert.equal(sketch.isBlurred, false);
  sketch.add(shape("blur", 10, 10, 60, 40));
  assert.equal(sketch.isBlurred, true);
  sketch.undo();
  assert.equal(sketch.isBlurred, false);
});

test("a long text is wrapped at words, and keeps all of them", () => {
  const widthOf = (line) => line.length;
  assert.deepEqual(wrapped("Le montant est faux ici", 12, widthOf), ["Le montant", "est faux ici"]);
  assert.deepEqual(wrapped("anticonstitutionnellement ici", 10, widthOf), ["anticonstitutionnellement", "ici"]);
  assert.deepEqual(wrapped("Ici", 10, widthOf), ["Ici"]);
});
