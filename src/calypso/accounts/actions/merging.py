"""The merge of two accounts of one person: the kept account receives what the other had and did (I8)."""

from typing import Any

from django.db import transaction

from calypso.accounts import audit_log, notices
from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import AuditEntry, Membership, User
from calypso.accounts.privacy import holdings
from calypso.base import clock, journal
from calypso.base.errors import Conflict, Invalid
from calypso.base.i18n import gettext as _
from calypso.outbox import maintenance


def merge_people(by: User, *, kept: User, gone: User) -> None:
    """Transfers everything that `gone` has and did to `kept`, then deletes the account `gone`. It cannot be undone.

    Companies, viewing rights, projects led, tickets, comments, files and messages are transferred; the sessions and
    second factors of `gone` end, its address no longer signs in, and both addresses are notified. For those who manage
    clients. Raises Invalid (`other`) unless both are different contacts, neither erased; Conflict when `kept` is
    inactive.
    """
    require(by, Capability.MANAGE_CLIENTS)
    with transaction.atomic():
        rows = User.objects.select_for_update().order_by("pk").in_bulk([kept.pk, gone.pk])
        kept, gone = rows[kept.pk], rows[gone.pk]
        _check(kept, gone)
        _add_companies(kept, gone)
        ended_models = {model for holding in holdings() for model in holding.ends}
        for model in ended_models:
            for field in _user_fields_of(model):
                model._default_manager.filter(**{field: gone}).delete()
        for relation in User._meta.get_fields(include_hidden=True):
            if relation.auto_created and relation.one_to_many and relation.related_model not in ended_models:
                _hand_over(relation.related_model, relation.field.name, kept, gone)  # type: ignore[union-attr]
        for holding in holdings():
            holding.merged(kept)
        maintenance.hand_over(gone.key, kept.key)
        AuditEntry.objects.filter(about=audit_log.about_person(gone)).update(about=audit_log.about_person(kept))
        merged_account = {"account": f"{gone.full_name} ({gone.email})"}
        audit_log.record(by, audit_log.about_person(kept), "merged", after=merged_account)
        notices.merged(kept, gone, clock.now())
        gone.delete()
    journal.record("contact.merged", actor=by.key, person=kept.key, merged=gone.key)


def _check(kept: User, gone: User) -> None:
    if kept.pk == gone.pk or not (kept.is_client and gone.is_client) or kept.is_erased or gone.is_erased:
        raise Invalid({"other": [_("Choisissez un autre contact, qui ne soit pas effacé.")]})
    if not kept.active:
        raise Conflict(_("Le compte à garder est désactivé : réactivez-le d'abord."))


def _add_companies(kept: User, gone: User) -> None:
    """Makes `kept` an active contact of the current companies of `gone`, even of those that `kept` had left.

    Companies that `gone` left are not transferred.
    """
    for row in Membership.objects.filter(user=gone, active=True):
        Membership.objects.update_or_create(user=kept, organization_id=row.organization_id, defaults={"active": True})


def _user_fields_of(model: Any) -> list[str]:
    return [field.name for field in model._meta.fields if field.related_model is User]


def _hand_over(model: Any, field: str, kept: User, gone: User) -> None:
    rows = model.objects.filter(**{field: gone})
    if unique_column := next((holding.once[model] for holding in holdings() if model in holding.once), None):
        own_values = model.objects.filter(**{field: kept}).values_list(unique_column, flat=True)
        rows.filter(**{f"{unique_column}__in": list(own_values)}).delete()
    rows.update(**{field: kept})
