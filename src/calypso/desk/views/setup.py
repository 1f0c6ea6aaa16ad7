"""The « Réglages » of the vendor: names, hours, limits, rules, and who changed them."""

from collections.abc import Sequence
from typing import Any, Self

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.views.history import history_page
from calypso.ui.forms import Form, ListField, TextField, page_number, uploads
from calypso.vendor.actions.choices import save_choices
from calypso.vendor.actions.logo import remove_logo, save_logo
from calypso.vendor.catalogue import Kind, words_of
from calypso.vendor.queries import CurrentSection, choices_history, choices_page, text_rows
from calypso.vendor.texts import TEXTS


class ChoicesForm(Form):
    """A field for each choice that the environment leaves free."""

    def __init__(self, sections: Sequence[CurrentSection], data: dict[str, Any] | QueryDict | None = None) -> None:
        self._sections = sections
        free = [row for section in sections for row in section.rows if not row.fixed]
        self._choices = {row.choice.key: row.choice for row in free}
        super().__init__(data, initial={row.choice.key: _value_of(row.choice.kind, row.text) for row in free})
        for key, choice in self._choices.items():
            self.fields[key] = _field(choice.kind)

    def texts(self) -> dict[str, str]:
        """Returns what was chosen, by key, as the environment would write it."""
        return {key: _text_of(choice.kind, self.value_of(key)) for key, choice in self._choices.items()}

    def words(self, name: str, value: Any) -> str:
        choice = self._choices[name]
        return ", ".join(_(part) for part in words_of(choice, _text_of(choice.kind, value)).split(", "))

    def _holding(self, values: dict[str, Any]) -> Self:
        return type(self)(self._sections, values)


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
def setup(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows every section; saves them all, so that what was typed in another one is not lost."""
    sections = choices_page(viewer)
    if request.method != "POST":
        return _page(request, viewer, sections, ChoicesForm(sections))
    form, status = ChoicesForm(sections, request.POST), 422
    try:
        before = form.accepted().shown()
        save_choices(viewer, values=form.texts(), shown=before.texts() if before else None)
        part = request.POST.get("partie", "")
        anchor = f"#{part}" if part in {shown.section.key for shown in sections} else ""
        return redirect(resolve_url("desk:setup") + f"?fait=enregistre{anchor}")
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as conflict:
        form.show_again(ChoicesForm(choices_page(viewer))).refuse(conflict.as_invalid())
        status = 409
    return _page(request, viewer, sections, form, status=status)


@require_POST
@for_staff
def logo(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Takes a logo, or removes the last one."""
    refusal: list[str] = []
    try:
        if "retirer" in request.POST:
            remove_logo(viewer)
        else:
            save_logo(viewer, chunks=(chunk for _name, chunks in uploads(request, "logo")[:1] for chunk in chunks))
        return redirect(resolve_url("desk:setup") + "?fait=enregistre#logo")
    except Invalid as invalid:
        refusal = invalid.errors["logo"]
    sections = choices_page(viewer)
    return _page(request, viewer, sections, ChoicesForm(sections), logo_refusal=refusal, status=422)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    sections: Sequence[CurrentSection],
    form: ChoicesForm,
    *,
    logo_refusal: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "nav": "setup",
        "sections": sections,
        "form": form,
        "logo_refusal": logo_refusal,
        "texts": text_rows(viewer),
        "text_facts": TEXTS,
        "words_of": words_of,
    }
    return desk_page(request, viewer, "setup", context, status=status)


@require_safe
@for_staff
def setup_history(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows who changed what of the settings."""
    page = choices_history(viewer, page_number(request))
    return history_page(request, viewer, page, _("Réglages"), resolve_url("desk:setup"), "setup")
