"""The password rules: what a password must contain, and the sentence that says so (S17, decision 18, R29)."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator

from calypso.accounts.models import User
from calypso.base.chosen import chosen
from calypso.base.i18n import gettext as _
from calypso.base.i18n import ngettext
from calypso.base.text import fold

LONGEST = 1000  # characters; bounds the hashing, far above any passphrase


@dataclass(frozen=True, slots=True)
class PasswordRule:
    """The requirements on a password, counted in characters."""

    length: int
    lower: bool = False
    digit: bool = False
    classes: int = 0  # least kinds of characters, out of four; a password 4 longer than `length` may have fewer

    def sentence(self) -> str:
        """Returns the rule in one sentence, shown by every page that asks for a password."""
        needs = [_("une minuscule")] * self.lower + [_("un chiffre")] * self.digit
        text = _("%(length)d caractères mini") % {"length": self.length}
        if needs:
            text += _(", avec au moins %(needs)s") % {"needs": _(" et ").join(needs)}
        if self.classes:
            text += ngettext(
                ", d'une sorte au moins (minuscule, majuscule, chiffre, autre)",
                ", de %(n)d sortes au moins (minuscule, majuscule, chiffre, autre)",
                self.classes,
            ) % {"n": self.classes}
        return _("Le niveau de sécurité du mot de passe paramétré est : %(rule)s") % {"rule": text}

    def is_met(self, password: str) -> bool:
        kinds = (
            any(c.islower() for c in password)
            + any(c.isupper() for c in password)
            + any(c.isdigit() for c in password)
            + any(not c.isalnum() for c in password)
        )
        return (
            len(password) >= self.length
            and (not self.lower or any(c.islower() for c in password))
            and (not self.digit or any(c.isdigit() for c in password))
            and (kinds >= self.classes or len(password) >= self.length + 4)
        )


RULES = {"guide": PasswordRule(6, lower=True, digit=True), "cnil": PasswordRule(12, classes=2)}


def rule_for(user: User) -> PasswordRule:
    """Returns the rule for a person: the setting's for clients, always the strong one for the team."""
    return RULES[chosen("CLIENT_PASSWORD_POLICY")] if user.is_client else RULES["cnil"]


def default_rule() -> PasswordRule:
    """Returns the rule shown to somebody who is not identified yet."""
    return RULES[chosen("CLIENT_PASSWORD_POLICY")]


def problems(password: str, user: User, companies: list[str]) -> list[str]:
    """Returns why `user`, of these companies, may not choose `password`: sentences to show, none if they may."""
    if len(password) > LONGEST:
        return [_("Ce mot de passe est trop long.")]
    messages = []
    if not rule_for(user).is_met(password):
        messages.append(rule_for(user).sentence())
    if password.lower().strip() in _common():
        messages.append(_("Ce mot de passe est trop courant : il figure parmi les premiers que l'on essaie."))
    if _is_built_from(password, [user.first_name, user.last_name, *user.email.split("@"), *companies]):
        messages.append(_("Ce mot de passe est construit sur votre nom, votre adresse ou votre société."))
    return messages


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _is_built_from(password: str, sources: list[str]) -> bool:
    """Returns whether fewer than five characters are left of the password without the words of `sources`."""
    plain = "".join(char for char in fold(password) if char.isalnum())
    words = {word for source in sources for word in _words(source) if len(word) >= 4}
    left = plain
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != plain and len(left) < 5


def _words(source: str) -> set[str]:
    letters = "".join(char if char.isalnum() else " " for char in fold(source))
    return {*letters.split(), letters.replace(" ", "")}
