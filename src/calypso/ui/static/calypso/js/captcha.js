// Tells the vendored captcha widget where its worker is and which words to use; all come from the page.
const facts = document.querySelector("script[data-captcha]").dataset;
globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(facts.worker));
globalThis.$altcha.i18n.set(facts.language, {
  ...globalThis.$altcha.i18n.get("en"),
  label: facts.label,
  verifying: facts.verifying,
  verified: facts.verified,
  error: facts.error,
  expired: facts.expired,
  verificationRequired: facts.required,
  waitAlert: facts.verifying,
  footer: "",
});
