/**
 * Attaches behaviour to the elements that ask for it, once each, however often a part of the page is swapped.
 *
 * A module declares `behave(selector, attach)`; `attach(element, signal)` runs once for each element that matches, now
 * or when it enters the page. The signal is aborted when the element leaves the page: listeners that stand on anything
 * but the element itself are added with it, so that a swapped part leaves nothing behind.
 */

const behaviours = [];
let isStarted = false;
/** @type {WeakMap<Element, Map<Function, AbortController>>} */
const attached = new WeakMap();

/** Declares what elements that match `selector` do. Behaviours are attached in the order of their declaration. */
export function behave(selector, attach) {
  behaviours.push([selector, attach]);
  if (isStarted) attachWithin(document.documentElement);
}

/** Attaches what was declared, to the page as it is and as it becomes. */
export function start() {
  isStarted = true;
  attachWithin(document.documentElement);
  new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true });
}

function follow(records) {
  for (const record of records) {
    for (const node of record.removedNodes) if (node instanceof Element && !node.isConnected) detachWithin(node);
    for (const node of record.addedNodes) if (node instanceof Element && node.isConnected) attachWithin(node);
  }
}

function attachWithin(root) {
  for (const [selector, attach] of behaviours) {
    if (root.matches(selector)) attachOnce(root, attach);
    for (const element of root.querySelectorAll(selector)) attachOnce(element, attach);
  }
}

function attachOnce(element, attach) {
  const known = attached.get(element) ?? new Map();
  if (known.has(attach)) return;
  const controller = new AbortController();
  known.set(attach, controller);
  attached.set(element, known);
  attach(element, controller.signal);
}

function detachWithin(root) {
  for (const element of [root, ...root.querySelectorAll("*")]) {
    for (const controller of attached.get(element)?.values() ?? []) controller.abort();
    attached.delete(element);
  }
}
