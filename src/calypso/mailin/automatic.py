"""Tells the messages that no person wrote: nothing answers them, and they become no comment (R82, R88, R90)."""

from django.conf import settings

from calypso.base.addresses import wire_form
from calypso.mailin import phrases
from calypso.mailin.models import Reason
from calypso.mailin.reading import Message

LOOP_MARK = "x-calypso-loop"  # in every mail of ours
_ROBOTS = ("x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponse", "x-autoreply-from", "x-mail-autoreply")


def own_addresses() -> set[str]:
    """Returns the addresses that we write from: what comes from them went round in a circle."""
    return {wire_form(address).casefold() for address in (settings.MAIL_FROM, settings.REPLY_ADDRESS) if address}


def automatic_reason(message: Message) -> Reason | None:
    """Returns why no person wrote this message; None when one may have."""
    checks = (
        (Reason.BOUNCE, message.report_type == "delivery-status" or _is_bounce(message)),
        (Reason.RECEIPT, message.report_type == "disposition-notification"),
        (Reason.CALENDAR, message.calendar in ("REPLY", "COUNTER", "CANCEL")),
        (Reason.OWN, LOOP_MARK in message.marks or _is_ours(message)),
        (Reason.ABSENCE, _is_absence(message)),
        (Reason.LIST, bool(message.headers.get("list-id")) or _precedence(message) in ("bulk", "list", "junk")),
    )
    return next((reason for reason, holds in checks if holds), None)


def _first(message: Message, name: str) -> str:
    return (message.headers.get(name) or [""])[0].strip()


def _precedence(message: Message) -> str:
    return _first(message, "precedence").lower()


def _is_bounce(message: Message) -> bool:
    nobody = _first(message, "return-path") == "<>"
    names = {address.partition("@")[0].lower() for _name, address in message.senders}
    return nobody and bool(names & {"mailer-daemon", "postmaster"})


def _is_ours(message: Message) -> bool:
    return any(wire_form(address).casefold() in own_addresses() for _name, address in message.senders)


def _is_absence(message: Message) -> bool:
    submitted = _first(message, "auto-submitted").lower()
    return (
        (bool(submitted) and submitted.partition(";")[0].strip() != "no")
        or _precedence(message) == "auto_reply"
        or _first(message, "return-path") == "<>"
        or any(mark in message.marks for mark in _ROBOTS)
        or bool(phrases.ABSENCE.match(message.subject.strip()))
    )
