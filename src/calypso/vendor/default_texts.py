"""The texts of the pages that every site owes its readers, until the vendor writes its own (I13, R130).

They follow the settings: what is kept, and how long. Each is Markdown, in the language that is active.
"""

from collections.abc import Mapping, Sequence

from calypso.base.catalogue import gettext_noop as _
from calypso.base.chosen import chosen
from calypso.base.i18n import gettext, ngettext, of
from calypso.vendor.texts import Name


def default_text(name: Name) -> str:
    """Returns our text for one of the vendor's; empty where its page says something of its own without it."""
    values = {
        "vendor": chosen("VENDOR_NAME"),
        "of_vendor": of(chosen("VENDOR_NAME")),
        "address": chosen("SUPPORT_ADDRESS"),
        "site": chosen("VENDOR_URL"),
        "how_long": _how_long(chosen("KEEP_MAILS_DAYS"), chosen("KEEP_CLOSED_MONTHS")),
    }
    paragraphs = [_written(paragraph, values) for paragraph in _PARAGRAPHS.get(name, ())]
    return "\n\n".join(filter(None, paragraphs))


class _Heading(str):
    """The title of a part of a text."""


_QUESTION = _("Une question ? Écrivez à %(address)s.")
_PARAGRAPHS: Mapping[Name, Sequence[str]] = {
    Name.LEGAL: (
        _("%(vendor)s édite cet extranet, réservé à ses clients et à son équipe."),
        "%(site)s",
        _QUESTION,
    ),
    Name.PRIVACY: (
        _(
            "%(vendor)s tient cet extranet pour suivre les demandes de ses clients. Les données que vous y confiez ne "
            "servent qu'à cela."
        ),
        _Heading(_("Ce qui est conservé")),
        _(
            "Votre nom, votre adresse e-mail, votre société, votre langue ; vos tickets, commentaires et fichiers ; "
            "les dates de vos connexions et l'adresse du réseau d'où elles viennent."
        ),
        _Heading(_("Qui y a accès")),
        _(
            "L'équipe %(vendor)s et les personnes de votre société qui voient le même projet. Vos collègues voient "
            "votre nom, pas votre adresse, sauf pour gérer les droits d'un projet."
        ),
        _Heading(_("Témoins de connexion")),
        _(
            "Un témoin pour votre session, un contre les formulaires falsifiés, et ceux de vos choix de langue et de "
            "thème. Aucun ne sert à vous suivre, aucun n'est confié à un tiers. La vérification « Je ne suis pas un "
            "robot » se fait entre votre navigateur et cet extranet, sans service extérieur."
        ),
        _Heading(_("Combien de temps")),
        "%(how_long)s",
        _Heading(_("Vos droits")),
        _(
            "« Mon profil » vous donne à tout moment une copie de vos données. Pour les corriger ou les faire "
            "effacer, écrivez à %(address)s."
        ),
    ),
    Name.TERMS: (
        _(
            "Cet extranet est réservé aux contacts des clients %(of_vendor)s et à son équipe. Votre compte est "
            "personnel : ne prêtez pas votre mot de passe."
        ),
        _(
            "Ce que vous écrivez dans un ticket est lu par l'équipe et par les personnes de votre société qui voient "
            "le projet. N'y mettez ni mot de passe, ni donnée de santé, ni donnée bancaire."
        ),
        _("Un ticket clôturé ne se modifie plus : il garde la trace de ce qui a été demandé, répondu et décidé."),
        _QUESTION,
    ),
    Name.ACCESSIBILITY: (
        _("Cet extranet est fait pour être utilisé au clavier, avec un lecteur d'écran, agrandi, ou sur un téléphone."),
        _(
            "Aucun audit n'a encore établi sa conformité au référentiel général d'amélioration de l'accessibilité "
            "(RGAA) : il est déclaré non conforme."
        ),
        _(
            "Un obstacle ? Écrivez à %(address)s : vous recevrez ce que vous cherchez sous une autre forme, et "
            "l'obstacle sera levé."
        ),
        _("Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits : https://www.defenseurdesdroits.fr"),
    ),
}


def _written(paragraph: str, values: Mapping[str, str]) -> str:
    mark = "## " if isinstance(paragraph, _Heading) else ""
    return mark + gettext(paragraph) % values


def _how_long(days: int, months: int) -> str:
    mails = ngettext(
        "Les messages envoyés sont gardés %(count)s jour.", "Les messages envoyés sont gardés %(count)s jours.", days
    )
    if not months:
        tickets = gettext("Les tickets clos et leurs fichiers sont gardés tant que votre société est cliente.")
    else:
        tickets = ngettext(
            "Un ticket clos et ses fichiers sont effacés après %(count)s mois.",
            "Un ticket clos et ses fichiers sont effacés après %(count)s mois.",
            months,
        )
    return f"{mails % {'count': days}} {tickets % {'count': months}}"
