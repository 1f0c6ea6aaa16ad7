"""The dashboard as the sheets of a workbook. Durations are in business hours, shares in percent."""

from collections.abc import Callable, Sequence

from calypso.base.i18n import gettext as _
from calypso.base.sheets import Cell, Sheet
from calypso.reporting.dashboard import Dashboard, Group
from calypso.reporting.measures import Measures
from calypso.sla.levels import HOUR


def dashboard_sheets(board: Dashboard, *, vendor: str) -> list[Sheet]:
    """Returns a sheet for each part of the page; `vendor` is the name of the vendor."""
    sheets = [
        _summary(board, vendor),
        Sheet(
            _("Évolution"),
            [_("Du"), _("Au"), _("Créés"), _("Clôturés")],
            [(part.period.first, part.period.last, part.created, part.closed) for part in board.parts],
        ),
        Sheet(
            _("Ouverts par état"),
            [_("État"), _("Ouverts")],
            [(_(state.facts.label), number) for state, number in board.states],
        ),
        _group_sheet(_("Par projet"), _("Projet"), board.projects.groups, lambda row: row.name, vendor),
        _group_sheet(_("Par société"), _("Société"), board.organizations.groups, lambda row: row.name, vendor),
    ]
    if board.assignees:
        people = board.assignees.groups
        sheets.append(_group_sheet(_("Par intervenant"), _("Intervenant"), people, lambda row: row.full_name, vendor))
    return sheets


def _measures(vendor: str) -> list[tuple[str, Callable[[Measures], Cell]]]:
    return [
        (_("Ouverts"), lambda m: m.open),
        (_("Créés"), lambda m: m.created),
        (_("Clôturés"), lambda m: m.closed),
        (_("Traités"), lambda m: m.processed),
        (_("Retournés après « Traité »"), lambda m: m.returned),
        (_("Taux de retour (%)"), lambda m: _percent(m.return_share)),
        (_("Avis donnés à la clôture"), lambda m: m.rated),
        (_("Clients satisfaits"), lambda m: m.satisfied),
        (_("Premières réponses"), lambda m: m.answered),
        (_("Première réponse, médiane (h)"), lambda m: _hours(m.answer_median)),
        (_("Traitement, médiane (h)"), lambda m: _hours(m.processing_median)),
        (_("Temps chez %(vendor)s (h)") % {"vendor": vendor}, lambda m: _hours(m.vendor_seconds)),
        (_("Temps chez le client (h)"), lambda m: _hours(m.client_seconds)),
    ]


def _summary(board: Dashboard, vendor: str) -> Sheet:
    rows: list[Sequence[Cell]] = [(_("Du"), board.period.first), (_("Au"), board.period.last)]
    rows += [(label, value(board.overall)) for label, value in _measures(vendor)]
    if board.overall.in_time_share is not None:
        rows.append((_("Premières réponses dans l'objectif (%)"), _percent(board.overall.in_time_share)))
    return Sheet(_("Synthèse"), [_("Mesure"), _("Valeur")], rows)


def _group_sheet[Row](
    title: str, head: str, groups: Sequence[Group[Row]], name: Callable[[Row], str], vendor: str
) -> Sheet:
    measures = _measures(vendor)
    return Sheet(
        title,
        [head, *(label for label, _value in measures)],
        [
            (name(group.row) if group.row else _("personne"), *(value(group.measures) for _label, value in measures))
            for group in groups
        ],
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _hours(seconds: int | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR, 2)
