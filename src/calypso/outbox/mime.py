"""A mail as its server gets it: sender, text, page with its styles, and the vendor's logo when the page shows it."""

import email.policy
from contextlib import suppress
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import quote

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from calypso.base.chosen import chosen
from calypso.base.files import open_stored
from calypso.base.logos import Logo
from calypso.outbox.models import OutgoingEmail
from calypso.outbox.rendering import Message

# Styles are inlined, as mail clients need, when the mail is sent: the request that queues it does not wait for that.
_inliner = css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)


def mime_message(email: OutgoingEmail, content: Message) -> EmailMultiAlternatives:
    """Returns the mail to hand to the server."""
    sender, _space, team = email.sender.partition(" ")
    name = quote(f"{chosen('VENDOR_NAME')} - {team or chosen('PRODUCT_NAME')}")
    reply_to = email.headers.get("Reply-To")
    message = _Mail(
        subject=content.subject,
        body=content.text,
        from_email=f'"{name}" <{sender or settings.MAIL_FROM}>',
        to=[email.recipient],
        headers=email.headers | ({"Reply-To": f'"{name}" <{reply_to}>'} if reply_to else {}),
    )
    message.attach_alternative(_inliner.inline(content.html), "text/html")
    return message


class _WholeSubject(EmailPolicy):
    """Writes a subject as it was typed: the library's own way loses spaces between the words that it encodes."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() != "subject":
            return str(super().fold(name, value))
        return f"{name}: {Header(str(value), header_name=name).encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "subject":
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


class _Mail(EmailMultiAlternatives):
    """A mail that carries the logo which its page shows: most mail programs fetch no picture."""

    def message(self, *, policy: Policy | None = None) -> EmailMessage:
        ends = (policy or email.policy.default).linesep
        made: EmailMessage = super().message(policy=_WholeSubject(linesep=ends))
        page, logo = made.get_body(("html",)), Logo.read(chosen("LOGO"))
        if page is not None and logo is not None and Logo.IN_MAIL in page.get_content():
            with suppress(FileNotFoundError), open_stored(logo.name) as file:  # lost by the disk: a gap (R149)
                page.add_related(file.read(), "image", "png", cid="<logo>", disposition="inline", filename="logo.png")
        return made
