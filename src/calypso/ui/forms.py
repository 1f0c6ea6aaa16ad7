"""The base of the interfaces' forms: they parse, and name errors by field. Actions validate; templates render."""

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Self

from django import forms
from django.http import HttpRequest, QueryDict

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.text import is_form_key

SHOWN = "vu"  # the field that holds what a page showed, so that a stale page undoes nothing
# Fields that hold nothing typed.
NOT_TEXT = {"csrfmiddlewaretoken", "cle", "compte", "retour", "forme", SHOWN}
SECRET = {"password", "current", "confirmation", "captcha", "code", "answer", "token"}  # never shown again


def written_texts(request: HttpRequest) -> list[str]:
    """Returns the texts of more than one word in a posted form, to give back on a page that shows no form."""
    if request.method != "POST":
        return []
    try:
        values = [value for name, value in request.POST.items() if name not in NOT_TEXT | SECRET]
    except Exception:  # the posted body cannot be parsed
        return []
    return [text for text in map(str, values) if len(text.split(maxsplit=1)) > 1]


def typed_texts(request: HttpRequest) -> dict[str, str]:
    """Returns the texts of a posted form by field, to keep as a draft, without those that its page already showed."""
    shown = _values_shown(request.POST) or {}
    texts = {name: str(value) for name, value in request.POST.items() if name not in NOT_TEXT}
    return {name: text for name, text in texts.items() if text != shown.get(name)}


def _values_shown(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns the values that the field `SHOWN` of a form holds, by field; None when it holds none."""
    try:
        values = json.loads(data.get(SHOWN, ""))
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


class TextField(forms.CharField):
    """A text as typed, neither stripped nor limited: the action validates it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(strip=False, **options)


class Form(forms.Form):
    """A form that refuses a repeated parameter (R14) and can show the errors of an action."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if isinstance(self.data, QueryDict):
            for name, field in self.fields.items():
                single = not isinstance(field, forms.MultipleChoiceField | ListField)
                if single and len(self.data.getlist(name)) > 1:
                    self.add_error(name, _("Ce champ est donné plusieurs fois."))
        return cleaned

    def accepted(self) -> Self:
        """Returns the form. Raises Invalid, naming the fields that could not be parsed (R14, R53)."""
        if self.errors:
            raise Invalid({name: [str(message) for message in messages] for name, messages in self.errors.items()})
        return self

    def text(self, name: str) -> str:
        """Returns the value of a field, empty when absent or invalid."""
        return str(self._cleaned().get(name) or "")

    def number(self, name: str) -> int:
        """Returns the value of a whole-number field, zero when absent or invalid."""
        return int(self._cleaned().get(name) or 0)

    def flag(self, name: str) -> bool:
        """Returns whether a box is ticked."""
        return bool(self._cleaned().get(name))

    def several(self, name: str) -> list[str]:
        """Returns the values of a list field."""
        return list(self._cleaned().get(name) or [])

    def value_of(self, name: str) -> Any:
        """Returns the value of any field, None when absent or invalid."""
        return self._cleaned().get(name)

    def _cleaned(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_bound and self.errors is not None else {}

    def typed(self) -> dict[str, str]:
        """Returns the raw text of each field, to show a form again without validating it."""
        return {name: str(self.data.get(name, "")) for name in self.fields}

    def shown(self) -> Self | None:
        """Returns the form as its page showed it, before anything was typed; None when the page does not say."""
        values = _values_shown(self.data)
        if values is None:
            return None
        fields = {name: field for name, field in self.fields.items() if name in values}
        return self._holding({name: _as_posted(field, values[name]) for name, field in fields.items()})

    def _holding(self, values: dict[str, Any]) -> Self:
        return type(self)(values)

    def as_shown(self) -> str:
        """Returns what the page shows, as JSON for the hidden field `SHOWN`."""
        if self.is_bound:
            return str(self.data.get(SHOWN, ""))
        values = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        kept = {name: value for name, value in values.items() if value is not None and value is not False}
        return json.dumps(kept, default=str)

    def words(self, name: str, value: Any) -> str:
        """Returns a value of a field as a reader understands it, to say what somebody else saved; empty: not said."""
        return ""

    def show_again(self, current: Self) -> Self:
        """Keeps what was typed, and takes `current` as what the page shows from now on; returns the form.

        Beside each field that somebody else gave another value meanwhile, says which.
        """
        before = _values_shown(self.data) or {}
        for name, field in current.fields.items():
            value = current.get_initial_for_field(field, name)
            known = [_as_text(before.get(name)), _as_text(self.value_of(name))]
            if name in self.fields and _as_text(value) not in known and (words := self.words(name, value)):
                self.add_error(name, _("Enregistré entre-temps : %(value)s") % {"value": words})
        posted = QueryDict(mutable=True)
        posted.update(self.data)
        posted[SHOWN] = current.as_shown()
        self.data = posted
        return self

    def refuse(self, refusal: Invalid) -> Self:
        """Adds each message of a refusal to its field, or to the form when it has no such field; returns the form."""
        for name, messages in refusal.errors.items():
            for message in messages:
                if message not in self.messages(name):
                    self.add_error(name if name in self.fields else None, message)
        return self

    def messages(self, name: str) -> list[str]:
        """Returns the errors of one field, to show beside it."""
        return [str(message) for message in self.errors.get(name, [])] if self.is_bound else []


def _as_text(value: Any) -> str:
    """Returns a value of a field as text, whatever a page, a form or the database gave."""
    if value is None or value is False:
        return ""
    return ",".join(sorted(map(str, value))) if isinstance(value, list) else str(value)


def _as_posted(field: forms.Field, value: Any) -> str | list[str]:
    """Returns a value as a browser posts it."""
    return [str(item) for item in value] if isinstance(field, ListField) and isinstance(value, list) else str(value)


class WordsForm(Form):
    """The search form."""

    q = TextField()


class ListField(forms.Field):
    """A field of several values under one name."""

    widget = forms.MultipleHiddenInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:
        return [str(item) for item in value or [] if str(item).isprintable()]


def uploads(request: HttpRequest, name: str = "attachments") -> list[tuple[str, Iterable[bytes]]]:
    """Returns the files posted under `name`, as (name given by the browser, content in chunks)."""
    return [(str(file.name or ""), file.chunks()) for file in request.FILES.getlist(name)]


def resumed_key(request: HttpRequest) -> str:
    """Returns the one-time key that a form posted, or that the URL resumes; empty when there is none."""
    key = request.POST.get("cle", "") if request.method == "POST" else request.GET.get("brouillon", "")
    return key if is_form_key(key) else ""


def form_key(request: HttpRequest) -> str:
    """Returns the one-time key of a form: posted, resumed, or new. Its action happens once (R103)."""
    return resumed_key(request) or secrets.token_hex(12)


def page_number(request: HttpRequest) -> int:
    """Returns the number of the page asked for; 1 for anything that is not a reasonable number (R58)."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
