import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fold,
  holds,
  lengthOf,
  matchingNames,
  mentionBefore,
  stepTo,
  stripTokens,
} from "../../src/calypso/ui/static/calypso/js/text.js";

test("a part is the same whatever the token of its form", () => {
  const part = (token) => `<form><input name="csrfmiddlewaretoken" value="${token}"><b>3</b></form>`;
  assert.equal(stripTokens(part("abc")), stripTokens(part("xyz")));
  assert.notEqual(stripTokens(part("abc")), stripTokens(part("abc").replace("3", "4")));
});

test("case, accents and composition do not count", () => {
  assert.equal(fold("É\u0301crire À L'ÉQUIPE"), "ecrire a l'equipe");
  assert.equal(fold("e\u0301"), fold("é"));
});

test("each word is looked for, in any order", () => {
  assert.ok(holds("Marquer traité", ["traite", "marq"]));
  assert.ok(!holds("Marquer traité", ["traite", "note"]));
  assert.ok(holds("Marquer traité", []));
});

test("a text is as long as the server finds it", () => {
  const lengths = {
    "🙂🙂": 2,
    "e\u0301": 1,
    "a\r\nb\rc": 5,
    "\n\n  a\tb \n": 5,
    "a\u200bb\u0007c\ufeff": 3,
    "👨‍👩‍👧": 5,
  };
  for (const [text, length] of Object.entries(lengths)) assert.equal(lengthOf(text), length, JSON.stringify(text));
  assert.equal(lengthOf("🙂".repeat(20_000)), 20_000);
});

test("a name is being typed after an @ that begins a word", () => {
  assert.equal(mentionBefore("@"), "");
  assert.equal(mentionBefore("Un avis @bros"), "bros");
  assert.equal(mentionBefore("Vu avec @Jean-Pierre d'Ar"), "Jean-Pierre d'Ar");
  assert.equal(mentionBefore("a@b.fr"), undefined);
  assert.equal(mentionBefore("@bros\nla suite"), undefined);
  assert.equal(mentionBefore(`@${"a".repeat(61)}`), undefined);
});

test("names are found by the beginning of any of their words, but not when whole", () => {
  const names = ["Xavier BROSSET", "Sincère BRANDY", "Paul SUPPORT"];
  assert.deepEqual(matchingNames(names, "br"), ["Xavier BROSSET", "Sincère BRANDY"]);
  assert.deepEqual(matchingNames(names, "xavier b"), ["Xavier BROSSET"]);
  assert.deepEqual(matchingNames(names, "Paul SUPPORT "), []);
  assert.deepEqual(matchingNames(names, "", 2), ["Xavier BROSSET", "Sincère BRANDY"]);
});

test("a state is reached by the step written beside it", () => {
  assert.equal(stepTo("started:start rd:send_rd", "rd"), "send_rd");
  assert.equal(stepTo("started:start", "start"), undefined);
  assert.equal(stepTo("", "rd"), undefined);
});
