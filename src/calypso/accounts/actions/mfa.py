"""The second proof of an account: added, used, removed (decision 21, R44)."""

from django.db import IntegrityError, transaction

from calypso.accounts import audit_log, notices, throttle
from calypso.accounts.access import factors_for, must_have_factor, require_manage_account, sessions_for
from calypso.accounts.emails import email_key
from calypso.accounts.mfa import passkeys, recovery_codes, totp
from calypso.accounts.models import Factor, RecoveryCode, User
from calypso.base import clock, journal
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import NAME_MAX
from calypso.base.validation import Input


def add_app(by: User, *, token: str, code: str, session_key: str) -> list[str]:
    """Adds the authenticator application whose first code is given; returns recovery codes if it is the first proof.

    The other sessions end. Raises Invalid for a wrong code or an enrolment that expired, Conflict for a second one.
    """
    secret = totp.enrolled_secret(by, token)
    step = totp.step_of(secret, code.replace(" ", "")) if secret else None
    if secret is None or step is None:
        raise Invalid({"code": [_("Ce code n'est pas le bon. Attendez le suivant, puis saisissez-le.")]})
    return _add(by, Factor.Kind.APP, "", totp.seal(secret), session_key, step)


def add_passkey(by: User, *, token: str, answer: str, name: str, session_key: str) -> list[str]:
    """Adds the passkey that the browser created; returns new recovery codes if it is the first proof.

    The other sessions end. Raises Invalid for an answer that does not hold or a name that is missing.
    """
    checked = Input()
    clean = checked.line("name", name, NAME_MAX, required=True)
    checked.done()
    credential = passkeys.created(by, token, answer)
    if credential is None:
        raise Invalid({"": [_("La clé d'accès n'a pas pu être ajoutée. Réessayez.")]})
    return _add(by, Factor.Kind.PASSKEY, clean, credential, session_key)


def _add(by: User, kind: Factor.Kind, name: str, secret: str, session_key: str, step: int = 0) -> list[str]:
    codes: list[str] = []
    now = clock.now()
    try:
        with transaction.atomic():
            _lock(by)
            Factor.objects.create(
                key=new_key(), user=by, kind=kind, name=name, secret=secret, last_step=step, created_at=now
            )
            if User.objects.filter(pk=by.pk, two_factor=False).update(two_factor=True):
                codes = _renewed(by)
            sessions_for(by).exclude(session_key=session_key).delete()
            notices.second_factor_changed(by, now, added=True)
    except IntegrityError:
        raise Conflict(_("Une application d'authentification est déjà liée à votre compte.")) from None
    by.two_factor = True
    journal.record("factor.added", actor=by.key, kind=kind.value)
    return codes


def renew_codes(by: User) -> list[str]:
    """Replaces the person's recovery codes; the old ones are worth nothing. Raises Conflict without a proof."""
    with transaction.atomic():
        if not _lock(by).two_factor:
            raise Conflict(_("La double authentification n'est pas activée."))
        codes = _renewed(by)
    journal.record("factor.codes_renewed", actor=by.key)
    return codes


def _renewed(person: User) -> list[str]:
    codes = recovery_codes.new_recovery_codes()
    RecoveryCode.objects.filter(user=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=person, digest=recovery_codes.recovery_digest(person, code)) for code in codes
    )
    return codes


def remove_factor(by: User, *, key: str) -> None:
    """Removes one of one's own proofs. Raises NotVisible for any other, Forbidden for the last compulsory one."""
    with transaction.atomic():
        _lock(by)
        own = factors_for(by)
        if not own.filter(key=key).exists():
            raise NotVisible
        if own.count() == 1 and must_have_factor(by):
            raise Forbidden
        own.filter(key=key).delete()
        if not own.exists():
            _disarm(by)
        notices.second_factor_changed(by, clock.now(), added=False)
    by.refresh_from_db()
    journal.record("factor.removed", actor=by.key)


def reset_factors(by: User, *, person: User) -> None:
    """Removes every proof of somebody who lost them; their sessions end and they are told.

    For those who manage contacts, or the team for its members; never oneself (Forbidden).
    """
    require_manage_account(by, person)
    if person.pk == by.pk:
        raise Forbidden
    with transaction.atomic():
        _drop(person)
        audit_log.record(by, audit_log.about_person(person), "factors")
    journal.record("factor.reset", actor=by.key, person=person.key)


def drop_factors(*, email: str) -> None:
    """Removes every proof of the person at that address; their sessions end and they are told.

    For the command line only: who holds it holds the database. Raises NotVisible for nobody active.
    """
    person = User.objects.filter(email_key=email_key(email), active=True).first()
    if person is None:
        raise NotVisible
    with transaction.atomic():
        _drop(person)
    journal.record("factor.dropped", actor=person.key)


def _drop(person: User) -> None:
    _lock(person)
    Factor.objects.filter(user=person).delete()
    _disarm(person)
    sessions_for(person).delete()
    notices.second_factor_changed(person, clock.now(), added=False)


def _lock(person: User) -> User:
    """The person as stored, held until the end of the transaction: whether a proof is the last one cannot change."""
    return User.objects.select_for_update().get(pk=person.pk)


def _disarm(person: User) -> None:
    RecoveryCode.objects.filter(user=person).delete()
    User.objects.filter(pk=person.pk).update(two_factor=False)


def check_code(*, person: User, code: str, network: str) -> None:
    """Accepts a code of the application, once, or a recovery code, which is then gone.

    For the second page of sign-in. Raises Invalid for a wrong code, TooOften after ten in fifteen minutes.
    """
    throttle.code_try(person.email, network)
    typed = recovery_codes.plain_code(code)
    if not (_spend_step(person, typed) or _spend_recovery_code(person, typed)):
        journal.record("factor.refused", actor=person.key)
        raise Invalid({"code": [_("Ce code n'est pas le bon, ou il a déjà servi.")]})
    throttle.code_succeeded(person.email)


def _spend_step(person: User, code: str) -> bool:
    app = factors_for(person).filter(kind=Factor.Kind.APP).first()
    step = totp.code_step(app, code) if app else None
    if app is None or step is None:
        return False
    later = Factor.objects.filter(pk=app.pk, last_step__lt=step)
    return bool(later.update(last_step=step, used_at=clock.now()))


def _spend_recovery_code(person: User, code: str) -> bool:
    gone, _by_table = RecoveryCode.objects.filter(
        user=person, digest=recovery_codes.recovery_digest(person, code)
    ).delete()
    if gone:
        journal.record("factor.recovery_code_used", actor=person.key)
    return bool(gone)


def check_passkey(*, person: User, token: str, answer: str, network: str) -> None:
    """Accepts what the browser proved with one of the person's passkeys. As `check_code`."""
    throttle.code_try(person.email, network)
    known = list(factors_for(person).filter(kind=Factor.Kind.PASSKEY))
    proven = passkeys.used(person, known, token, answer)
    if proven is None:
        journal.record("factor.refused", actor=person.key)
        raise Invalid({"": [_("La clé d'accès n'a pas été reconnue. Réessayez.")]})
    Factor.objects.filter(pk=proven.pk).update(used_at=clock.now())
    throttle.code_succeeded(person.email)
