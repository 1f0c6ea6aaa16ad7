"""Forms of the interfaces: they parse and name errors; actions decide. Templates render them."""

import json
import secrets
from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.http import HttpRequest, QueryDict

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.text import is_form_key

SHOWN = "vu"  # the field that says what a page showed, so that a stale one undoes nothing
# What a form carries besides what is typed.
NOT_TEXT = {"csrfmiddlewaretoken", "cle", "compte", "retour", "forme", SHOWN}
SECRET = {"password", "current", "confirmation", "captcha", "code", "answer", "token"}  # never shown again


def written_texts(request: HttpRequest) -> list[str]:
    """What a person wrote in a posted form, in several words: to give back when nothing else will."""
    if request.method != "POST":
        return []
    try:
        values = [value for name, value in request.POST.items() if name not in NOT_TEXT | SECRET]
    except Exception:  # what was posted cannot be read
        return []
    return [text for text in map(str, values) if len(text.split(maxsplit=1)) > 1]


class TextField(forms.CharField):
    """Text as typed: neither stripped nor bounded here, since the action says what is wrong with it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(strip=False, **options)


class Form(forms.Form):
    """A form that refuses a repeated parameter (R14) and can show what an action refused."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if isinstance(self.data, QueryDict):
            for name, field in self.fields.items():
                single = not isinstance(field, forms.MultipleChoiceField | ListField)
                if single and len(self.data.getlist(name)) > 1:
                    self.add_error(name, _("Ce champ est donné plusieurs fois."))
        return cleaned

    def accepted(self) -> Self:
        """The form, once every field was readable; raises Invalid naming those that were not (R14, R53)."""
        if self.errors:
            raise Invalid({name: [str(message) for message in messages] for name, messages in self.errors.items()})
        return self

    def text(self, name: str) -> str:
        """The value of a field, empty when it was not given or not readable."""
        return str(self._cleaned().get(name) or "")

    def number(self, name: str) -> int:
        """The value of a whole-number field, zero when it was not given or not readable."""
        return int(self._cleaned().get(name) or 0)

    def flag(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self._cleaned().get(name))

    def several(self, name: str) -> list[str]:
        """The values of a list field."""
        return list(self._cleaned().get(name) or [])

    def value_of(self, name: str) -> Any:
        """The value of any field, None when it was not given or not readable."""
        return self._cleaned().get(name)

    def _cleaned(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_bound and self.errors is not None else {}

    def typed(self) -> dict[str, str]:
        """What was typed, by field, to show a form again without judging it."""
        return {name: str(self.data.get(name, "")) for name in self.fields}

    def shown(self) -> Self | None:
        """The form as its page showed it, before anything was typed; None when the page does not say."""
        try:
            values = json.loads(self.data.get(SHOWN, ""))
        except (ValueError, RecursionError):
            return None
        if not isinstance(values, dict):
            return None
        fields = {name: field for name, field in self.fields.items() if name in values}
        return self._holding({name: _posted(field, values[name]) for name, field in fields.items()})

    def _holding(self, values: dict[str, Any]) -> Self:
        return type(self)(values)

    def as_shown(self) -> str:
        """What its page shows, for the hidden field that comes back with it."""
        if self.is_bound:
            return str(self.data.get(SHOWN, ""))
        values = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        return json.dumps({name: value for name, value in values.items() if value not in (None, False)}, default=str)

    def show_again(self, current: Self) -> Self:
        """The form with what was typed, over what its page shows from now on."""
        posted = QueryDict(mutable=True)
        posted.update(self.data)
        posted[SHOWN] = current.as_shown()
        self.data = posted
        return self

    def refuse(self, refusal: Invalid) -> Self:
        """Ties each message of a refusal to its field, the others to the form; returns the form."""
        for name, messages in refusal.errors.items():
            for message in messages:
                if message not in self.messages(name):
                    self.add_error(name if name in self.fields else None, message)
        return self

    def messages(self, name: str) -> list[str]:
        """The errors of one field, to show beside it."""
        return [str(message) for message in self.errors.get(name, [])] if self.is_bound else []


def _posted(field: forms.Field, value: Any) -> str | list[str]:
    """A value as a browser posts it."""
    return [str(one) for one in value] if isinstance(field, ListField) and isinstance(value, list) else str(value)


class WordsForm(Form):
    """What a person searches for."""

    q = TextField()


class ListField(forms.Field):
    """Several values under one name."""

    widget = forms.MultipleHiddenInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:
        return [str(item) for item in value or [] if str(item).isprintable()]


def uploads(request: HttpRequest, name: str = "attachments") -> list[tuple[str, Iterable[bytes]]]:
    """The files posted under `name`, as (name given by the browser, content in chunks)."""
    return [(str(file.name or ""), file.chunks()) for file in request.FILES.getlist(name)]


def resumed_key(request: HttpRequest) -> str:
    """The one-time key that a form posted, or that the address resumes; empty when there is none."""
    given = request.POST.get("cle", "") if request.method == "POST" else request.GET.get("brouillon", "")
    return given if is_form_key(given) else ""


def form_key(request: HttpRequest) -> str:
    """The one-time key of a form: the posted or resumed one, else a new one. Its act happens once (R103)."""
    return resumed_key(request) or secrets.token_hex(12)


def page_number(request: HttpRequest) -> int:
    """The page asked for; anything that is not a reasonable number is the first one (R58)."""
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
