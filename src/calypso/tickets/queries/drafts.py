"""Queries on a person's drafts: text and files of forms not sent yet (R68)."""

from django.db.models import QuerySet

from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.internals.compiled_query import CompiledQuery
from calypso.tickets import access
from calypso.tickets.models import Draft, DraftFile
from calypso.tickets.queries.files import bring_pictures


def get_draft(viewer: User, form_key: str) -> tuple[dict[str, str], list[DraftFile]]:
    """Returns the fields and files of the viewer's draft of one form; both empty when there is no draft."""
    draft = access.drafts_for(viewer).filter(key=form_key).first() if form_key else None
    if draft is None:
        return {}, []
    files = list(DraftFile.objects.filter(draft=draft))
    bring_pictures(files)
    return dict(draft.fields), files


def draft_purpose(name: str) -> Draft.Purpose:
    """Returns the purpose of a form by its public name. Raises NotVisible for an unknown name."""
    if name not in Draft.Purpose.values:
        raise NotVisible
    return Draft.Purpose(name)


def unsent_draft(viewer: User, page: str) -> Draft | None:
    """Returns the viewer's latest draft of a form on the page at the path `page`, or None.

    None as well during an impersonation.
    """
    draft: Draft | None = None if viewer.is_lent else _UNSENT_DRAFTS.first(viewer, page)
    return draft


def _unsent_drafts(viewer: User, page: str) -> QuerySet[Draft]:
    return access.drafts_for(viewer).filter(page=page).order_by("-saved_at", "-pk")


_UNSENT_DRAFTS = CompiledQuery(_unsent_drafts)
