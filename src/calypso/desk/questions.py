"""The question of a queue, as URLs and saved views carry it: its filters, and its sort."""

from urllib.parse import urlencode

from django.http import QueryDict

from calypso.desk.forms import QueueForm
from calypso.teamwork.queries.queue import QueueFilters


def filters_of(query: QueryDict) -> QueueFilters:
    """Returns the filters that a query string names."""
    form = QueueForm(query)
    return QueueFilters(
        organization=form.text("societe"),
        project=form.text("projet"),
        states=tuple(state for state in query.getlist("etat") if state),
        priorities=tuple(priority for priority in query.getlist("priorite") if priority),
        assignee=form.text("intervenant"),
        manager=form.text("chef"),
        team=form.text("equipe"),
        words=form.text("q"),
        phase=form.text("phase"),
        author=form.text("auteur"),
        quiet_days=form.text("calme"),
        due=form.text("echeance"),
        batch=form.text("lot"),
        issue=form.text("probleme"),
        figure=form.text("figure"),
        since=form.text("du"),
        until=form.text("au"),
    )


def question_of(query: QueryDict) -> str:
    """Returns the filters and the sort of a query string, without its page number, as a query string."""
    names = [*QueueForm.base_fields, "tri"]
    return urlencode([(name, value) for name in names for value in query.getlist(name) if value])
