/**
 * What a tab remembers of its forms until the server is known to have it: text that could not be saved, forms that were
 * sent into a network that was gone, and which forms did leave, since a browser that goes back fills them in again.
 */

const KEY = "calypso:unsent";
const MOST_SENT = 10; // forms whose text is known to have left
const WORDS = ["title", "description", "body"];

/** @typedef {{ address: string, back: string, body: string }} Entry  The form's own address, its page, its fields. */

function load() {
  try {
    return { waiting: [], sent: [], ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { waiting: [], sent: [] };
  }
}

function store(known) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(known));
  } catch {
    // The tab may keep no more: what is on the screen is still there.
  }
}

/** Remembers the fields of a form; those of the same form that were known before are forgotten. */
export function remember(/** @type {Entry} */ entry) {
  const known = load();
  known.waiting = [...known.waiting.filter((one) => one.address !== entry.address), entry];
  store(known);
}

/** Forgets a form that the server has. */
export function forget(address) {
  const known = load();
  known.waiting = known.waiting.filter((one) => one.address !== address);
  store(known);
}

/** Notes that a form left for good. */
export function noteSent(/** @type {Entry} */ entry) {
  const known = load();
  const sent = { back: entry.back, words: wordsOf(new URLSearchParams(entry.body)) };
  known.waiting = known.waiting.filter((one) => one.address !== entry.address);
  known.sent = [...known.sent, sent].slice(-MOST_SENT);
  store(known);
}

/** Forgets the words that left. */
export function forgetSent() {
  store({ ...load(), sent: [] });
}

/** The forms that the server may not have. */
export function waiting() {
  return load().waiting;
}

/** Whether a form of the page `back` holds, word for word, what left from there already. */
export function wasSent(back, fields) {
  const words = wordsOf(fields);
  return words !== "" && load().sent.some((one) => one.back === back && one.words === words);
}

function wordsOf(fields) {
  return WORDS.map((name) => (fields.get(name) ?? "").replaceAll("\r\n", "\n").trim())
    .filter(Boolean)
    .join("\n");
}
