"""Actions on the saved views of the queue: save, share with the team, delete."""

from django.db import IntegrityError, transaction

from calypso.accounts.models import User
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import NAME_MAX, QUESTION_MAX
from calypso.base.validation import Input
from calypso.teamwork import access
from calypso.teamwork.models import SavedView

MOST = 30


def save_view(by: User, *, name: str, query: str, shared: bool) -> SavedView:
    """Saves the filters `query` (the URL's query string, without its `?`) under a name of its own.

    For the team; sharing requires the right to assign. Raises Invalid, Forbidden.
    """
    access.require_save(by, shared=shared)
    checked = Input()
    name = checked.line("name", name, NAME_MAX, required=True)
    query = checked.line("query", query, QUESTION_MAX)
    checked.done()
    if SavedView.objects.filter(owner=by).count() >= MOST:
        raise Invalid({"name": [_("Vous gardez déjà trente vues : retirez-en une.")]})
    try:
        with transaction.atomic():
            return SavedView.objects.create(key=new_key(), owner=by, name=name, query=query, shared=shared)
    except IntegrityError:
        raise Invalid({"name": [_("Vous avez déjà une vue de ce nom.")]}) from None


def remove_view(by: User, *, key: str) -> None:
    """Deletes one's own view, or a shared one with the right to assign. Raises NotVisible, Forbidden."""
    access.get_changeable(by, SavedView, key).delete()
