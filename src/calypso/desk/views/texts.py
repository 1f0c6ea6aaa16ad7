"""The texts that the vendor writes itself: welcome, help, and the pages that every site owes its readers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid
from calypso.base.text import clip
from calypso.desk.decorators import desk_page, for_staff
from calypso.ui.forms import Form, TextField
from calypso.vendor.actions.texts import reset_text, save_text
from calypso.vendor.queries import text_page
from calypso.vendor.texts import TEXTS
from calypso.vendor.wording import LANGUAGES, checked_texts, written_names


class TextsForm(Form):
    """A text in each language of the extranet."""

    fr = TextField()
    en = TextField()

    def texts(self) -> dict[str, str]:
        """Returns what was typed, by language."""
        return {language: self.text(language) for language in LANGUAGES}

    def words(self, name: str, value: Any) -> str:
        return clip(str(value), 400)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def text(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """Shows a text; saves it, or with `apercu` shows what it would become."""
    known, in_force = text_page(viewer, name)
    form, status = TextsForm(initial=in_force), 200
    if request.method == "POST":
        form, status = TextsForm(request.POST), 422
        try:
            before = form.accepted().shown()
            if "apercu" in request.POST:
                in_force, status = checked_texts(known, form.texts()), 200
            else:
                save_text(viewer, name=known, texts=form.texts(), shown=before.texts() if before else None)
                return redirect(resolve_url("desk:setup") + "?fait=enregistre#textes")
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as conflict:
            form.show_again(TextsForm(initial=text_page(viewer, name)[1])).refuse(conflict.as_invalid())
            status = 409
    context = {
        "nav": "setup",
        "name": known,
        "text": TEXTS[known],
        "form": form,
        "languages": LANGUAGES,
        "seen": in_force,
        "is_written": known in written_names(),
    }
    return desk_page(request, viewer, "text", context, status=status)


@require_POST
@for_staff
def reset(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """Gives our text back."""
    reset_text(viewer, name=text_page(viewer, name)[0])
    return redirect(resolve_url("desk:setup") + "?fait=enregistre#textes")
