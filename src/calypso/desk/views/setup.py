"""The « Réglages » of the vendor: names, hours, limits, rules, and who changed them."""

from typing import Any, Self

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.views.history import history_page
from calypso.ui.forms import Form, ListField, TextField, page_number
from calypso.vendor.actions import save_choices
from calypso.vendor.catalogue import Kind
from calypso.vendor.queries import CurrentSection, choices_history, choices_page


class ChoicesForm(Form):
    """A field for each choice of a section that the environment leaves free."""

    def __init__(self, shown: CurrentSection, data: dict[str, Any] | QueryDict | None = None) -> None:
        self._shown = shown
        free = [row for row in shown.rows if not row.fixed]
        initial = {row.choice.key: _value_of(row.choice.kind, row.text) for row in free}
        super().__init__(data, initial=initial)
        for row in free:
            self.fields[row.choice.key] = _field(row.choice.kind)

    def texts(self) -> dict[str, str]:
        """Returns what was chosen, by key, as the environment would write it."""
        kinds = {row.choice.key: row.choice.kind for row in self._shown.rows}
        return {name: _text_of(kinds[name], self.value_of(name)) for name in self.fields}

    def _holding(self, values: dict[str, Any]) -> Self:
        return type(self)(self._shown, values)


def _field(kind: Kind) -> forms.Field:
    if kind is Kind.DAYS:
        return ListField()
    return forms.BooleanField(required=False) if kind is Kind.FLAG else TextField()


def _value_of(kind: Kind, text: str) -> Any:
    return text.split(",") if kind is Kind.DAYS else text == "yes" if kind is Kind.FLAG else text


def _text_of(kind: Kind, value: Any) -> str:
    if kind is Kind.DAYS:
        return ",".join(sorted(value or []))
    return ("yes" if value else "no") if kind is Kind.FLAG else str(value or "")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def setup(request: HttpRequest, viewer: Viewer, section: str = "") -> HttpResponse:
    """Shows every section; saves one of them."""
    sections, refused, status = choices_page(viewer), None, 200
    if request.method == "POST":
        refused, status = ChoicesForm(_asked(sections, section), request.POST), 422
        try:
            before = refused.accepted().shown()
            save_choices(viewer, section=section, values=refused.texts(), shown=before.texts() if before else None)
            return redirect(resolve_url("desk:setup") + f"?fait=enregistre#{section}")
        except Invalid as refusal:
            refused.refuse(refusal)
        except Conflict as conflict:
            refused.show_again(ChoicesForm(_asked(choices_page(viewer), section))).refuse(conflict.as_invalid())
            status = 409
    forms = {shown.section.key: ChoicesForm(shown) for shown in sections}
    if refused is not None:
        forms[section] = refused
    context = {"nav": "setup", "sections": sections, "forms": forms}
    return desk_page(request, viewer, "setup", context, status=status)


def _asked(sections: list[CurrentSection], key: str) -> CurrentSection:
    for shown in sections:
        if shown.section.key == key:
            return shown
    raise NotVisible


@require_safe
@for_staff
def setup_history(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows who changed what of the settings."""
    page = choices_history(viewer, page_number(request))
    return history_page(request, viewer, page, _("Réglages"), resolve_url("desk:setup"), "setup")
