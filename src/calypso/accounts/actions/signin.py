"""Actions of sign-in: checking credentials, ending sessions."""

from django.contrib.auth import authenticate

from calypso.accounts import captcha, throttle
from calypso.accounts.access import sessions_for
from calypso.accounts.models import User
from calypso.accounts.queries import handle_of
from calypso.base import journal
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _

FORM = "connexion"


def check_credentials(*, email: str, password: str, network: str, captcha_answer: str) -> User:
    """Returns the person who signs in. All failures have the same message (R21).

    Anyone may call. Raises Invalid, and TooOften after too many attempts from this network (R30).
    """
    if throttle.login_needs_captcha(network) and not captcha.is_solved(captcha_answer, FORM):
        raise Invalid({"captcha": [_("Cochez « Je ne suis pas un robot », puis validez à nouveau.")]})
    throttle.login_try(email, network)
    person = authenticate(email=email, password=password)
    if not isinstance(person, User):
        journal.record("login.failed")
        raise Invalid({"": [_("Identifiant ou mot de passe incorrect.")]})
    throttle.login_succeeded(email, network)
    journal.record("login.succeeded", actor=person.key)
    return person


def end_session(by: User, *, handle: str) -> None:
    """Ends one of the person's own sessions. Raises NotVisible for any other."""
    for session in sessions_for(by):
        if handle_of(session.session_key) == handle:
            session.delete()
            journal.record("session.ended", actor=by.key)
            return
    raise NotVisible


def end_other_sessions(by: User, *, current_key: str) -> None:
    """Ends the person's own sessions except the current one."""
    sessions_for(by).exclude(session_key=current_key).delete()
    journal.record("session.ended_others", actor=by.key)
