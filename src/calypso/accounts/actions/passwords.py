"""Actions on passwords: asking for a link, choosing, changing and confirming a password."""

import secrets

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.tasks import task

from calypso.accounts import captcha, links, notices, passwords, throttle
from calypso.accounts.access import sessions_for
from calypso.accounts.emails import email_key
from calypso.accounts.models import User
from calypso.accounts.queries import companies_of
from calypso.base import clock, journal
from calypso.base.chosen import chosen
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.text import EMAIL_MAX, is_key
from calypso.base.validation import Input


def ask_link(*, email: str, network: str, captcha_answer: str, form: str) -> None:
    """Sends the link that the person at the address `email` needs, or nothing: the caller cannot tell which (R22).

    Anyone may call. Raises Invalid for an unsolved captcha, an empty address and, if `REVEAL_UNKNOWN_ADDRESS` is set,
    an unknown one; TooOften beyond the network's limit.
    """
    checked = Input()
    address = checked.line("email", email, EMAIL_MAX, required=True)
    checked.done()
    if not captcha.is_solved(captcha_answer, form):
        raise Invalid({"captcha": [_("Cochez « Je ne suis pas un robot », puis validez à nouveau.")]})
    may_send = throttle.link_request(address, network)
    person = User.objects.filter(email_key=email_key(address), active=True).first()
    journal.record("link.asked", actor=person.key if person else None, known=person is not None, mailed=may_send)
    if chosen("REVEAL_UNKNOWN_ADDRESS") and person is None:
        raise Invalid({"email": [_("Cette adresse n'est pas reconnue. Contactez votre chef de projet.")]})
    send_link.enqueue(person_key=person.key if person and may_send else "", event=f"link:{secrets.token_hex(8)}")


def hand_link(*, email: str) -> str:
    """Returns a link of one hour for the person at the address `email`, to give to them without a mail (R45).

    For the command line only, whose user has the database anyway. Raises NotVisible when no active person has the
    address.
    """
    person = User.objects.filter(email_key=email_key(email), active=True).first()
    if person is None:
        raise NotVisible
    purpose = links.purpose_for(person)
    journal.record("link.handed", actor=person.key)
    return notices.link_address(purpose, links.mint(person, purpose))


@task
def send_link(*, person_key: str, event: str) -> None:
    """Enqueues the mail of a request; in the background for every request, so that no answer is slower (R22)."""
    person = User.objects.filter(key=person_key, active=True).first()
    if person:
        with transaction.atomic():
            notices.link_asked(person, event)


def person_behind(*, purpose: links.Purpose, token: str) -> User:
    """Returns the person whose password a link sets. Raises NotVisible for a dead link, whatever the cause."""
    key = links.person_of(token)
    person = User.objects.filter(key=key).first() if is_key(key) else None
    if person is None or not links.is_alive(person, purpose, token):
        raise NotVisible
    return person


def choose_password(*, purpose: links.Purpose, token: str, password: str, confirmation: str, network: str) -> User:
    """Sets the password of the person of a link, ends their sessions and notifies them (R24, R25, R28).

    Of two concurrent calls with one link, one succeeds: the update compares the password for which the link was signed.
    Raises NotVisible for a dead link, Invalid for a refused password.
    """
    person = person_behind(purpose=purpose, token=token)
    _check_new_password(person, password, confirmation)
    with transaction.atomic():
        _replace(person, password, network)
    journal.record("link.used", actor=person.key, purpose=purpose.value)
    return person


def change_password(by: User, *, current: str, password: str, confirmation: str, network: str) -> None:
    """Replaces the person's own password, which ends their sessions and pending links (R28, R42).

    Raises Invalid when the current password is wrong or the new one refused, TooOften after too many wrong ones.
    """
    confirm_password(by, current=current, network=network)
    if current == password:
        raise Invalid({"password": [_("C'est déjà votre mot de passe : choisissez-en un autre.")]})
    _check_new_password(by, password, confirmation)
    with transaction.atomic():
        _replace(by, password, network)
    journal.record("password.changed", actor=by.key)


def confirm_password(by: User, *, current: str, network: str) -> None:
    """Checks that the person at the keyboard knows the password, before a change of the account's protection (R42).

    Raises Invalid when it is wrong, TooOften after too many wrong ones.
    """
    throttle.login_try(by.email, network)
    if not by.check_password(current):
        raise Invalid({"current": [_("Ce n'est pas votre mot de passe actuel.")]})
    throttle.login_succeeded(by.email, network)


def _check_new_password(person: User, password: str, confirmation: str) -> None:
    checked = Input()
    for problem in passwords.problems(password, person, companies_of(person)):
        checked.refuse("password", problem)
    if password != confirmation:
        checked.refuse("confirmation", _("Les deux mots de passe ne sont pas identiques."))
    checked.done()


def _replace(person: User, password: str, network: str) -> None:
    now = clock.now()
    updated_rows = User.objects.filter(pk=person.pk, password=person.password, stamp=person.stamp, active=True).update(
        password=make_password(password), stamp=F("stamp") + 1
    )
    if not updated_rows:
        raise NotVisible
    person.refresh_from_db()
    sessions_for(person).delete()
    notices.password_changed(person, now, network)
