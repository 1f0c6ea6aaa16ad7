"""Orders on many tickets: placed at once, carried out at once when they are few, by the worker when they are many.

An order that the worker carries out can be left: its page says how far it is, and the bell when it is done. Stopped
halfway, it goes on where it was; what was already done to a ticket is not done twice (R103).
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.tasks import task
from django.utils import translation

from calypso.accounts.models import User
from calypso.base import clock, journal
from calypso.base.errors import DomainError, Forbidden, Invalid, words_of
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.teamwork.actions.bulk import Chosen, Fields, act_of_order, apply
from calypso.teamwork.models import BulkOrder
from calypso.teamwork.notices import tell_done
from calypso.teamwork.queries.exports import exported

MOST = 200  # most tickets of one order
MOST_EXPORTED = 10_000
AT_ONCE = 50  # tickets that an order acts on while its author waits
LIFE = timedelta(days=3)  # how long what was ordered is kept, the exported workbook too


def place_order(by: User, *, act: str, fields: Fields, chosen: Sequence[Chosen], form_key: str = "") -> BulkOrder:
    """Orders one act on many tickets, as `act_of_order` takes it; carried out when it returns if they are few.

    The same form ordered again is the same order (R103). Raises Invalid, Forbidden before anything is done.
    """
    act_of_order(by, act=act, fields=fields)
    if len(chosen) > MOST:
        raise Invalid({"chosen": [_("Au plus %(most)d tickets à la fois.") % {"most": MOST}]})
    pairs = [[choice.reference, choice.version] for choice in chosen]
    return _begun(BulkOrder(owner=by, act=act, fields=dict(fields), chosen=pairs, once_key=form_key or None))


def place_export(by: User, *, references: Sequence[str]) -> BulkOrder:
    """Orders the export of tickets as a workbook (R60, R131). Raises Invalid for too many, Forbidden to clients."""
    if by.is_client:
        raise Forbidden
    if len(references) > MOST_EXPORTED:
        raise Invalid({"chosen": [_("Au plus %(most)d tickets à la fois.") % {"most": MOST_EXPORTED}]})
    journal.record("tickets.exported", actor=by.key, count=len(references))
    chosen = [[reference, 0] for reference in references]
    return _begun(BulkOrder(owner=by, act=BulkOrder.Act.EXPORT, fields={}, chosen=chosen))


def _begun(order: BulkOrder) -> BulkOrder:
    order.key, order.created_at, order.total = new_key(), clock.now(), len(order.chosen)
    try:
        with transaction.atomic():
            order.save()
            if order.total > AT_ONCE:
                carry_out.enqueue(key=order.key)
    except IntegrityError:
        return BulkOrder.objects.get(owner=order.owner, once_key=order.once_key)
    if order.total <= AT_ONCE:
        _carry_out(order)
    return order


@task
def carry_out(*, key: str) -> int:
    """Carries out an order, or what is left of it; returns how many of its tickets are done."""
    order = BulkOrder.objects.select_related("owner").filter(key=key, finished_at__isnull=True).first()
    if order is None:
        return 0
    with translation.override(order.owner.locale):
        _carry_out(order)
        tell_done(order)
    return order.done


def _carry_out(order: BulkOrder) -> None:
    if order.act == BulkOrder.Act.EXPORT:
        references = [reference for reference, _version in order.chosen]
        order.workbook = exported(order.owner, references, partial(_advance, order))
    else:
        _act(order)
    order.done, order.finished_at = order.total, clock.now()
    order.save()


def _act(order: BulkOrder) -> None:
    by, action, refusal = order.owner, None, ""
    try:
        action = act_of_order(by, act=order.act, fields=order.fields, form_key=order.once_key or "")
    except DomainError as lost:  # what its author might do when they ordered it, and no longer may
        refusal = words_of(lost)
    for reference, version in order.chosen[len(order.outcomes) :]:
        said = apply(by, choice=Chosen(reference, version), action=action) if action else refusal
        order.outcomes.append([reference, said])
        _advance(order, len(order.outcomes))


def _advance(order: BulkOrder, done: int) -> None:
    """Records how far an order is, for its page and for who would go on with it."""
    if order.total > AT_ONCE:
        BulkOrder.objects.filter(pk=order.pk).update(done=done, outcomes=order.outcomes)


@task
def sweep_orders() -> int:
    """Deletes the orders of more than three days ago, and what they exported; returns how many. Runs every hour."""
    return BulkOrder.objects.filter(created_at__lt=clock.now() - LIFE).delete()[0]
