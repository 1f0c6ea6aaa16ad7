"""The texts that a vendor may write itself: which, what each is for, and whether it may be empty. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from calypso.base.catalogue import gettext_noop as _


class Name(StrEnum):
    """A text, as the routes of the desk name it."""

    WELCOME = "accueil"
    HELP = "aide"
    LEGAL = "mentions-legales"
    PRIVACY = "confidentialite"
    TERMS = "conditions"
    ACCESSIBILITY = "accessibilite"


@dataclass(frozen=True, slots=True)
class Text:
    """A text: its `key` in the history, the title of its page, what it is for, and whether it is never empty (I13)."""

    key: str
    title: str
    hint: str
    is_required: bool = True


TEXTS: Mapping[Name, Text] = {
    Name.WELCOME: Text(
        "welcome",
        _("Bienvenue"),
        _("À côté de la connexion, sous le titre. Vide : le texte d'origine."),
        is_required=False,
    ),
    Name.HELP: Text(
        "help",
        _("Aide"),
        _("En tête de l'aide des clients, à la place de la méthode. Vide : le texte d'origine."),
        is_required=False,
    ),
    Name.LEGAL: Text(
        "legal",
        _("Mentions légales"),
        _("L'éditeur, son siège, son numéro d'entreprise, le directeur de la publication, l'hébergeur."),
    ),
    Name.PRIVACY: Text(
        "privacy",
        _("Confidentialité"),
        _("Les données conservées, pourquoi, combien de temps, et les droits de chacun."),
    ),
    Name.TERMS: Text("terms", _("Conditions d'utilisation"), _("Ce à quoi s'engage qui utilise l'extranet.")),
    Name.ACCESSIBILITY: Text(
        "accessibility",
        _("Accessibilité"),
        _("L'état de conformité, et comment signaler un obstacle."),
    ),
}
