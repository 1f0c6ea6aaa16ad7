"""What the bell says of an order that the worker carried out."""

from calypso.base.catalogue import gettext_noop
from calypso.base.i18n import gettext as _
from calypso.outbox import kinds
from calypso.outbox.enqueue import ring
from calypso.outbox.kinds import Envelope, Kind
from calypso.teamwork.models import BulkOrder

_ORDER = "teamwork.order"


def register_kinds() -> None:
    """Registers the kind with the outbox: it rings, and is never mailed."""
    kinds.register(Kind(_ORDER, gettext_noop("Ordre sur plusieurs tickets"), _never, mailed=False))


def _never(_envelope: Envelope) -> bool:
    return False


def tell_done(order: BulkOrder) -> None:
    """Rings the bell of who ordered, in the active language."""
    if order.act == BulkOrder.Act.EXPORT:
        title = _("Votre export de %(total)s tickets est prêt")
    else:
        title = _("Votre ordre sur %(total)s tickets est terminé")
    ring(
        order.owner.key,
        kind=_ORDER,
        about=f"account:{order.owner.key}",
        event=f"order:{order.key}",
        title=title % {"total": order.total},
        page=f"/equipe/ordres/{order.key}/",
    )
