"""The period that a URL asks for, and the periods that a page offers."""

from dataclasses import dataclass
from typing import Any

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.i18n import ngettext
from calypso.base.period import USUAL_DAYS, Period, latest, parse_period
from calypso.ui.forms import Form, TextField

OFFERED = (7, 30, 90, 365)  # days


class PeriodForm(Form):
    """The first and last day of a period, both included."""

    du = TextField()
    au = TextField()


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The period to show, the form that asked for it, whether it was refused, and the other periods offered."""

    period: Period
    form: PeriodForm
    refused: bool

    @property
    def status(self) -> int:
        return 422 if self.refused else 200

    @property
    def offered(self) -> list[tuple[str, Period]]:
        """Returns the usual periods, as (label, period)."""
        labels = [ngettext("%(num)s jour", "%(num)s jours", days) % {"num": days} for days in OFFERED[:-1]]
        return list(zip([*labels, _("12 mois")], map(latest, OFFERED), strict=True))


def asked_period(parameters: Any) -> PeriodChoice:
    """Returns the period of a URL's parameters; when they are invalid, the form's errors and the usual period."""
    form = PeriodForm(parameters)
    try:
        period = parse_period(form.accepted().text("du"), form.text("au"))
    except Invalid as refusal:
        return PeriodChoice(latest(USUAL_DAYS), form.refuse(refusal), refused=True)
    return PeriodChoice(period, form, refused=False)
