"""The period that an address asks for, and those that a page offers."""

from dataclasses import dataclass
from typing import Any

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.i18n import ngettext
from calypso.base.period import USUAL_DAYS, Period, latest, parse_period
from calypso.ui.forms import Form, TextField

OFFERED = (7, 30, 90, 365)  # days


class PeriodForm(Form):
    """The two days of a period, both included."""

    du = TextField()
    au = TextField()


@dataclass(frozen=True, slots=True)
class Asked:
    """The period to show, the form that asked for it, whether it was refused, and what else is offered."""

    period: Period
    form: PeriodForm
    refused: bool

    @property
    def status(self) -> int:
        return 422 if self.refused else 200

    @property
    def offered(self) -> list[tuple[str, Period]]:
        """The usual periods, as (label, period)."""
        labels = [ngettext("%(num)s jour", "%(num)s jours", days) % {"num": days} for days in OFFERED[:-1]]
        return list(zip([*labels, _("12 mois")], map(latest, OFFERED), strict=True))


def asked_period(given: Any) -> Asked:
    """The period of an address's parameters; a wrong one is refused in the form, and the usual one shown."""
    form = PeriodForm(given)
    try:
        period = parse_period(form.accepted().text("du"), form.text("au"))
    except Invalid as refusal:
        return Asked(latest(USUAL_DAYS), form.refuse(refusal), refused=True)
    return Asked(period, form, refused=False)
