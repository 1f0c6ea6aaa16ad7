"""Whether mails leave and come: the servers, and what the domains of the senders publish (SPF, DKIM, DMARC)."""

import smtplib
from collections.abc import Callable, Iterator

import dns.exception
import dns.resolver
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from imap_tools import ImapToolsError

from calypso.accounts.models import Team
from calypso.base.i18n import gettext as _
from calypso.mailin.mailbox import OpenMailbox
from calypso.mailin.tokens import TokenSource
from calypso.ops.health import Health, Point
from calypso.outbox.delivery import try_server

TIMEOUT = 10.0  # seconds for an answer of the name servers


def look(selector: str = "", nameserver: str = "") -> Iterator[Point]:
    """Yields each point. `selector` names the DKIM key, `nameserver` another server to ask, `address:port`."""
    yield _tried(_("Serveur d'envoi"), _send_point)
    yield _tried(_("Boîte de réception"), _mailbox_point)
    ask = _Names(nameserver)
    senders = {settings.MAIL_FROM, *Team.objects.exclude(mail_from="").values_list("mail_from", flat=True)}
    for domain in sorted({sender.rpartition("@")[2] for sender in senders}):
        yield _policy(ask, domain, f"SPF {domain}", domain, "v=spf1")
        yield _policy(ask, domain, f"DMARC {domain}", f"_dmarc.{domain}", "v=dmarc1")
        yield _key(ask, domain, selector)
    if settings.REPLY_ADDRESS:
        domain = settings.REPLY_ADDRESS.rpartition("@")[2]
        servers = ask.texts(domain, "MX")
        health = Health.GOOD if servers else Health.BROKEN
        yield Point(f"MX {domain}", health, ", ".join(servers) or _("personne ne reçoit pour ce domaine"))
        named = settings.MAIL_AUTHSERV
        unnamed = _("CALYPSO_MAIL_AUTHSERV n'est pas donné : rien n'atteste l'expéditeur d'une réponse")
        yield Point(_("Attestation des expéditeurs"), Health.GOOD if named else Health.TO_DO, named or unnamed)


class _Names:
    """Asks the name servers; what does not exist is an empty list."""

    def __init__(self, nameserver: str) -> None:
        self._resolver = dns.resolver.Resolver(configure=not nameserver)
        if nameserver:
            host, _colon, port = nameserver.rpartition(":")
            self._resolver.nameservers, self._resolver.port = [host], int(port)
        self._resolver.lifetime = TIMEOUT

    def texts(self, name: str, kind: str = "TXT") -> list[str]:
        try:
            answers = self._resolver.resolve(name, kind)
        except dns.exception.DNSException:
            return []
        if kind == "TXT":
            return [b"".join(answer.strings).decode("ascii", "replace") for answer in answers]
        return [answer.to_text() for answer in answers]


def _policy(ask: _Names, domain: str, label: str, name: str, begins: str) -> Point:
    """Checks that a domain publishes one policy, and one only: two are none."""
    found = [text for text in ask.texts(name) if text.lower().startswith(begins)]
    if len(found) == 1:
        weak = begins == "v=dmarc1" and "p=none" in found[0].replace(" ", "")
        return Point(label, Health.TO_DO if weak else Health.GOOD, found[0])
    detail = (
        _("publié deux fois : plus aucun n'est lu") if found else _("rien n'est publié sous %(name)s") % {"name": name}
    )
    return Point(label, Health.BROKEN if found else Health.TO_DO, detail)


def _key(ask: _Names, domain: str, selector: str) -> Point:
    label = f"DKIM {domain}"
    if not selector:
        return Point(label, Health.TO_DO, _("donnez le nom de la clé de votre serveur : --selector"))
    name = f"{selector}._domainkey.{domain}"
    keys = [text for text in ask.texts(name) if "p=" in text.replace(" ", "")]
    missing = _("rien n'est publié sous %(name)s") % {"name": name}
    return Point(label, Health.GOOD if keys else Health.BROKEN, name if keys else missing)


def _tried(label: str, look: Callable[[], tuple[Health, str]]) -> Point:
    try:
        return Point(label, *look())
    except (OSError, smtplib.SMTPException, ImapToolsError, ImproperlyConfigured, ValueError, KeyError) as failure:
        return Point(label, Health.BROKEN, f"{type(failure).__name__} : {failure}"[:300])


def _send_point() -> tuple[Health, str]:
    if not settings.MAILERS:
        return Health.TO_DO, _("aucun serveur d'envoi : rien ne part, les messages se lisent au bureau")
    try_server()
    return Health.GOOD, str((settings.MAIL_SERVER or {}).get("host", ""))


def _mailbox_point() -> tuple[Health, str]:
    if settings.MAILBOX is None:
        return Health.TO_DO, _("aucune : les messages viennent par `calypso receive`, ou ne viennent pas")
    tokens = TokenSource(settings.MAILBOX_TOKENS) if settings.MAILBOX_TOKENS else None
    OpenMailbox(settings.MAILBOX, tokens).close()
    return Health.GOOD, str(settings.MAILBOX["host"])
