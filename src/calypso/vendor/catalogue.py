"""What a vendor may choose at the desk, section by section. Plain data: names are those of the settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from calypso.base.catalogue import gettext_noop as _


class Kind(StrEnum):
    """How a choice is asked for, and what is said of a text that it refuses (`PROBLEMS`)."""

    NAME = "name"
    URL = "url"
    ADDRESS = "address"
    NUMBER = "number"
    FLAG = "flag"
    SELECT = "select"
    DAYS = "days"
    HOURS = "hours"
    DATES = "dates"
    QUIET = "quiet"
    THRESHOLDS = "thresholds"
    COLOUR = "colour"


PROBLEMS: dict[Kind, str] = {
    Kind.NAME: _("Indiquez un nom."),
    Kind.ADDRESS: _("Indiquez une seule adresse e-mail, comme support@exemple.fr."),
    Kind.SELECT: _("Choisissez dans la liste."),
    Kind.FLAG: _("Choisissez dans la liste."),
    Kind.DAYS: _("Choisissez au moins un jour."),
    Kind.HOURS: _("Indiquez des heures dans l'ordre, comme 09:00-12:30,14:00-18:00."),
    Kind.QUIET: _("Indiquez deux heures, comme 20:00-07:30."),
    Kind.DATES: _("Indiquez des dates comme 2026-12-24, séparées par des virgules."),
    Kind.COLOUR: _("Indiquez une couleur comme #0a6e74, assez foncée pour qu'on y lise du blanc."),
    Kind.THRESHOLDS: _("Indiquez des nombres de jours entre 0 et 365, séparés par des virgules."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting: its `key` in forms and in the history, its name, its label and hint in French.

    `options` are those of a list: value → label. `between` bounds a number, both ends included.
    """

    key: str
    name: str
    label: str
    kind: Kind
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    between: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Section:
    """Choices that are read and saved together."""

    key: str
    title: str
    choices: Sequence[Choice]


def _number(key: str, name: str, label: str, least: int, most: int, hint: str = "") -> Choice:
    return Choice(key, name, label, Kind.NUMBER, hint, between=(least, most))


SECTIONS: Sequence[Section] = (
    Section(
        "identite",
        _("Identité"),
        (
            Choice(
                "product", "PRODUCT_NAME", _("Nom de l'extranet"), Kind.NAME, _("En tête des pages et des e-mails.")
            ),
            Choice(
                "vendor",
                "VENDOR_NAME",
                _("Nom de l'entreprise"),
                Kind.NAME,
                _("« Chez … », et l'expéditeur des e-mails."),
            ),
            Choice(
                "vendor_url",
                "VENDOR_URL",
                _("Site de l'entreprise"),
                Kind.URL,
                _("Lien en pied de page. Vide : aucun."),
            ),
            Choice(
                "support",
                "SUPPORT_ADDRESS",
                _("Adresse du support"),
                Kind.ADDRESS,
                _("Où écrit une personne en difficulté."),
            ),
            Choice(
                "accent",
                "ACCENT_COLOUR",
                _("Couleur"),
                Kind.COLOUR,
                _("Boutons et liens des pages et des e-mails, comme #0a6e74. Vide : celle d'origine."),
            ),
        ),
    ),
    Section(
        "horaires",
        _("Horaires"),
        (
            Choice(
                "business_days",
                "BUSINESS_DAYS",
                _("Jours travaillés"),
                Kind.DAYS,
                options={
                    "1": _("lundi"),
                    "2": _("mardi"),
                    "3": _("mercredi"),
                    "4": _("jeudi"),
                    "5": _("vendredi"),
                    "6": _("samedi"),
                    "7": _("dimanche"),
                },
            ),
            Choice(
                "business_hours",
                "BUSINESS_HOURS",
                _("Heures travaillées"),
                Kind.HOURS,
                _("Comme 09:00-12:30,14:00-18:00."),
            ),
            Choice(
                "holidays",
                "HOLIDAYS",
                _("Jours fériés"),
                Kind.SELECT,
                options={
                    "FR": _("France"),
                    "BE": _("Belgique"),
                    "CH": _("Suisse"),
                    "LU": _("Luxembourg"),
                    "MC": _("Monaco"),
                    "": _("aucun"),
                },
            ),
            Choice(
                "closed_days",
                "CLOSED_DAYS",
                _("Autres jours fermés"),
                Kind.DATES,
                _("Comme 2026-12-24,2026-12-31. Vide : aucun."),
            ),
        ),
    ),
    Section(
        "relances",
        _("Échéances et alertes"),
        (
            _number("due_soon", "DUE_SOON_HOURS", _("Échéance proche (heures ouvrées avant)"), 0, 200),
            _number("event_near", "EVENT_NEAR_DAYS", _("Évènement proche (jours avant)"), 0, 365, _("0 : jamais.")),
            Choice(
                "event_alerts",
                "EVENT_ALERT_DAYS",
                _("Alertes avant l'évènement (jours)"),
                Kind.THRESHOLDS,
                _("Comme 7,2. Vide : aucune."),
            ),
            _number(
                "remind",
                "REMIND_DAYS",
                _("Relancer un client silencieux (jours ouvrés)"),
                0,
                60,
                _("Proposé à chaque nouveau projet. 0 : pas de relance."),
            ),
            _number(
                "take_back",
                "TAKE_BACK_SECONDS",
                _("Annuler une clôture ou un retour (secondes)"),
                0,
                60,
                _("0 : jamais."),
            ),
            Choice(
                "quiet",
                "QUIET_HOURS",
                _("Heures calmes"),
                Kind.QUIET,
                _("Aucun avis ne part alors, comme 20:00-07:30 : il attend le matin. Vide : jamais."),
            ),
            Choice("client_times", "CLIENT_TIMES", _("Montrer aux clients le temps passé de chaque côté"), Kind.FLAG),
        ),
    ),
    Section(
        "limites",
        _("Limites"),
        (
            _number("file_max", "FILE_MAX_MB", _("Taille d'un fichier (Mo)"), 1, 1000),
            _number("opening_files", "OPENING_FILES", _("Fichiers à la création d'un ticket"), 0, 50),
            _number("comment_files", "COMMENT_FILES", _("Fichiers par commentaire"), 0, 50),
            _number("company_quota", "ORGANIZATION_QUOTA_MB", _("Fichiers d'une société (Mo)"), 1, 10_000_000),
            _number("draft_quota", "DRAFT_QUOTA_MB", _("Fichiers des brouillons d'une personne (Mo)"), 1, 100_000),
            _number("list_page", "LIST_PAGE_SIZE", _("Lignes par page des listes"), 5, 200),
            _number("closed_page", "CLOSED_PAGE_SIZE", _("Tickets clôturés par page, sous un projet"), 1, 200),
            _number("keep_mails", "KEEP_MAILS_DAYS", _("Conserver les e-mails partis (jours)"), 1, 3650),
            _number(
                "keep_closed",
                "KEEP_CLOSED_MONTHS",
                _("Effacer les tickets clôturés après (mois)"),
                0,
                600,
                _("0 : jamais. Ce qui est effacé ne revient pas."),
            ),
        ),
    ),
    Section(
        "securite",
        _("Sécurité"),
        (
            Choice(
                "password_rule",
                "CLIENT_PASSWORD_POLICY",
                _("Mot de passe des clients"),
                Kind.SELECT,
                options={
                    "guide": _("6 caractères, avec une minuscule et un chiffre"),
                    "cnil": _("12 caractères"),
                },
            ),
            Choice(
                "second_factor",
                "SECOND_FACTOR",
                _("Double authentification"),
                Kind.SELECT,
                options={
                    "optional": _("au choix de chacun"),
                    "staff": _("obligatoire pour l'équipe"),
                },
                hint=_("Obligatoire : à sa prochaine page, chacun, vous compris, doit d'abord l'installer."),
            ),
            Choice(
                "reveal_unknown",
                "REVEAL_UNKNOWN_ADDRESS",
                _("Dire, à la première connexion, qu'une adresse est inconnue"),
                Kind.FLAG,
                _("Révèle qui est client."),
            ),
        ),
    ),
)
NAME_MOST = 60  # characters of a name, which stands at the top of pages
YES, NO = _("oui"), _("non")
CHOICES: Mapping[str, Choice] = {choice.key: choice for section in SECTIONS for choice in section.choices}
LOGO_LABEL = _("Logo")
TEST_MAIL = "vendor.test"  # the kind of the mail that tries the mail server


def words_of(choice: Choice, text: str) -> str:
    """Returns a value as a reader understands it: labels in French, with commas between, or the text itself."""
    if choice.kind is Kind.FLAG:
        return YES if text == "yes" else NO
    values = text.split(",") if choice.kind is Kind.DAYS else [text]
    return ", ".join(choice.options.get(value, value) for value in values)


def in_words(choice: Choice) -> bool:
    """Returns whether the values of a choice are labels, to be translated where they are shown."""
    return choice.kind is Kind.FLAG or bool(choice.options)
