/** What the other modules ask about texts: no page, no element, tested alone. */

/** `html` without the protection tokens of its forms, which differ each time a page is made. */
export function stripTokens(html) {
  return html.replace(/(csrfmiddlewaretoken" value=")[^"]*/g, "$1");
}

/** `text` without case, accents or composition, as the server compares it. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether each of the words is found in `text`, whatever their order. */
export function holds(text, words) {
  const folded = fold(text);
  return words.every((word) => folded.includes(word));
}

const LINE_END = /\r\n|[\r\v\f\u2028\u2029]/g;
const UNSEEN = /(?![\t\n])\p{Cc}|[\u00ad\u200b\u2060-\u2064\ufeff]/gu;

/** The length of `text` as the server counts it (`base/text.py`): code points, composed, without what is not kept. */
export function lengthOf(text) {
  const seen = text.replace(LINE_END, "\n").replace(UNSEEN, "");
  return [...seen.replace(/^\n+|\s+$/g, "").normalize("NFC")].length;
}

/** What follows the last « @ » before the caret, undefined when no name is being typed. */
export function mentionBefore(text) {
  return /(?:^|\s)@([\p{L} .'-]{0,60})$/u.exec(text)?.[1];
}

/** Those of `names` that `typed` begins, by any of their words, but for the one that is whole already. */
export function matchingNames(names, typed, most = 6) {
  const wanted = typed.toLocaleLowerCase();
  const begins = (name) => {
    const words = name.toLocaleLowerCase().split(" ");
    return words.some((_word, place) => words.slice(place).join(" ").startsWith(wanted));
  };
  return names.filter((name) => begins(name) && name.toLocaleLowerCase() !== wanted.trim()).slice(0, most);
}

/** The step that leads to `state`, of targets written « state:step state:step »; undefined when none does. */
export function stepTo(targets, state) {
  for (const pair of targets.split(" ")) {
    const [target, step] = pair.split(":");
    if (target === state) return step;
  }
  return undefined;
}
