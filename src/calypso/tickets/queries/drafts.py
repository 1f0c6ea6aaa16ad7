"""What a person typed and has not sent (R68)."""

from django.db.models import QuerySet

from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.internals.compiled_query import CompiledQuery
from calypso.tickets import access
from calypso.tickets.models import Draft, DraftFile


def get_draft(viewer: User, form_key: str) -> tuple[dict[str, str], list[DraftFile]]:
    """What the person typed and uploaded in one form and has not sent; empty when there is nothing."""
    draft = access.drafts_for(viewer).filter(key=form_key).first() if form_key else None
    if draft is None:
        return {}, []
    return dict(draft.fields), list(DraftFile.objects.filter(draft=draft))


def draft_purpose(name: str) -> Draft.Purpose:
    """The purpose of a form by its public name. Raises NotVisible."""
    if name not in Draft.Purpose.values:
        raise NotVisible
    return Draft.Purpose(name)


def unsent_draft(viewer: User, page: str) -> Draft | None:
    """The latest draft of the person in a form of the page at this path; None when there is none."""
    found: Draft | None = None if viewer.is_lent else _UNSENT.first(viewer, page)
    return found


def _unsent(viewer: User, page: str) -> QuerySet[Draft]:
    return access.drafts_for(viewer).filter(page=page).order_by("-saved_at", "-pk")


_UNSENT = CompiledQuery(_unsent)
