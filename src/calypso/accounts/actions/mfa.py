"""The second factors of an account: adding, using, removing (decision 21, R44)."""

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
    """Adds the authenticator application that shows `code`; returns recovery codes if it is the first factor.

    The other sessions end. Raises Invalid for a wrong code or an expired enrolment, Conflict for a second application.
    """
    secret = totp.enrolled_secret(by, token)
    step = totp.step_of(secret, code.replace(" ", "")) if secret else None
    if secret is None or step is None:
        raise Invalid({"code": [_("Ce code n'est pas le bon. Attendez le suivant, puis saisissez-le.")]})
    return _add_factor(by, Factor.Kind.APP, "", totp.seal(secret), session_key, step)


def add_passkey(by: User, *, token: str, answer: str, name: str, session_key: str) -> list[str]:
    """Adds the passkey that the browser created; returns new recovery codes if it is the first factor.

    The other sessions end. Raises Invalid for an answer that is not valid or a missing name.
    """
    checked = Input()
    clean_name = checked.line("name", name, NAME_MAX, required=True)
    checked.done()
    credential = passkeys.created(by, token, answer)
    if credential is None:
        raise Invalid({"": [_("La clé d'accès n'a pas pu être ajoutée. Réessayez.")]})
    return _add_factor(by, Factor.Kind.PASSKEY, clean_name, credential, session_key)


def _add_factor(by: User, kind: Factor.Kind, name: str, secret: str, session_key: str, step: int = 0) -> list[str]:
    codes: list[str] = []
    now = clock.now()
    try:
        with transaction.atomic():
            _lock(by)
            Factor.objects.create(
                key=new_key(), user=by, kind=kind, name=name, secret=secret, last_step=step, created_at=now
            )
            if User.objects.filter(pk=by.pk, two_factor=False).update(two_factor=True):
                codes = _replace_recovery_codes(by)
            sessions_for(by).exclude(session_key=session_key).delete()
            notices.second_factor_changed(by, now, added=True)
    except IntegrityError:
        raise Conflict(_("Une application d'authentification est déjà liée à votre compte.")) from None
    by.two_factor = True
    journal.record("factor.added", actor=by.key, kind=kind.value)
    return codes


def renew_codes(by: User) -> list[str]:
    """Replaces the person's recovery codes, which ends the old ones. Raises Conflict without a second factor."""
    with transaction.atomic():
        if not _lock(by).two_factor:
            raise Conflict(_("La double authentification n'est pas activée."))
        codes = _replace_recovery_codes(by)
    journal.record("factor.codes_renewed", actor=by.key)
    return codes


def _replace_recovery_codes(person: User) -> list[str]:
    codes = recovery_codes.new_recovery_codes()
    RecoveryCode.objects.filter(user=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=person, digest=recovery_codes.recovery_digest(person, code)) for code in codes
    )
    return codes


def remove_factor(by: User, *, key: str) -> None:
    """Removes one of the person's own factors.

    Raises NotVisible for any other factor, Forbidden for the last one where a factor is required.
    """
    with transaction.atomic():
        _lock(by)
        factors = factors_for(by)
        if not factors.filter(key=key).exists():
            raise NotVisible
        if factors.count() == 1 and must_have_factor(by):
            raise Forbidden
        factors.filter(key=key).delete()
        if not factors.exists():
            _end_second_factor(by)
        notices.second_factor_changed(by, clock.now(), added=False)
    by.refresh_from_db()
    journal.record("factor.removed", actor=by.key)


def reset_factors(by: User, *, person: User) -> None:
    """Removes all factors of a person who lost them; their sessions end and they are notified.

    For those who manage contacts, or the team for its members; Forbidden for oneself.
    """
    require_manage_account(by, person)
    if person.pk == by.pk:
        raise Forbidden
    with transaction.atomic():
        _remove_all_factors(person)
        audit_log.record(by, audit_log.about_person(person), "factors")
    journal.record("factor.reset", actor=by.key, person=person.key)


def drop_factors(*, email: str) -> None:
    """Removes all factors of the person at that address; their sessions end and they are notified.

    For the command line only, whose user has the database anyway. Raises NotVisible when no active person has the
    address.
    """
    person = User.objects.filter(email_key=email_key(email), active=True).first()
    if person is None:
        raise NotVisible
    with transaction.atomic():
        _remove_all_factors(person)
    journal.record("factor.dropped", actor=person.key)


def _remove_all_factors(person: User) -> None:
    _lock(person)
    Factor.objects.filter(user=person).delete()
    _end_second_factor(person)
    sessions_for(person).delete()
    notices.second_factor_changed(person, clock.now(), added=False)


def _lock(person: User) -> User:
    """Returns the person as stored, locked so that the number of their factors cannot change in the transaction."""
    return User.objects.select_for_update().get(pk=person.pk)


def _end_second_factor(person: User) -> None:
    RecoveryCode.objects.filter(user=person).delete()
    User.objects.filter(pk=person.pk).update(two_factor=False)


def check_code(*, person: User, code: str, network: str) -> None:
    """Accepts a code of the application, once, or a recovery code, which is then deleted.

    For the second page of sign-in. Raises Invalid for a wrong code, TooOften after ten in fifteen minutes.
    """
    throttle.code_try(person.email, network)
    plain_code = recovery_codes.plain_code(code)
    if not (_spend_step(person, plain_code) or _spend_recovery_code(person, plain_code)):
        journal.record("factor.refused", actor=person.key)
        raise Invalid({"code": [_("Ce code n'est pas le bon, ou il a déjà servi.")]})
    throttle.code_succeeded(person.email)


def _spend_step(person: User, code: str) -> bool:
    app = factors_for(person).filter(kind=Factor.Kind.APP).first()
    step = totp.code_step(app, code) if app else None
    if app is None or step is None:
        return False
    rows = Factor.objects.filter(pk=app.pk, last_step__lt=step)
    return bool(rows.update(last_step=step, used_at=clock.now()))


def _spend_recovery_code(person: User, code: str) -> bool:
    deleted_rows, _by_table = RecoveryCode.objects.filter(
        user=person, digest=recovery_codes.recovery_digest(person, code)
    ).delete()
    if deleted_rows:
        journal.record("factor.recovery_code_used", actor=person.key)
    return bool(deleted_rows)


def check_passkey(*, person: User, token: str, answer: str, network: str) -> None:
    """Accepts the browser's proof of one of the person's passkeys. Raises as `check_code` does."""
    throttle.code_try(person.email, network)
    own_passkeys = list(factors_for(person).filter(kind=Factor.Kind.PASSKEY))
    factor = passkeys.used(person, own_passkeys, token, answer)
    if factor is None:
        journal.record("factor.refused", actor=person.key)
        raise Invalid({"": [_("La clé d'accès n'a pas été reconnue. Réessayez.")]})
    Factor.objects.filter(pk=factor.pk).update(used_at=clock.now())
    throttle.code_succeeded(person.email)
