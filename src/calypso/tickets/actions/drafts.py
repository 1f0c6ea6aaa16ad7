"""Actions on drafts, the text and files of forms not sent yet (R68).

Drafts are stored so that nothing is lost by a refused form, an expired session or a restart.
"""

from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from django.db.models import Sum

from calypso.accounts.models import User
from calypso.base import clock, files
from calypso.base.chosen import chosen
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.i18n import ngettext
from calypso.base.references import new_key
from calypso.base.text import NAME_MAX, Unreadable, is_form_key, is_key, many_lines, one_line
from calypso.base.uploads import RefusedFile, accepted_type, clean_name
from calypso.pictures import actions as pictures
from calypso.tickets.access import drafts_for
from calypso.tickets.models import Draft, DraftFile, TicketEvent
from calypso.tickets.models.drafts import PAGE_MAX

FIELD_MAX = 200_000  # characters kept of a text: more than a comment may hold, so that the excess is not lost
FIELDS_MAX = 30


def files_limit(purpose: Draft.Purpose) -> int:
    """Returns the maximum number of files of a form."""
    limit: int = chosen("OPENING_FILES") if purpose is Draft.Purpose.OPENING else chosen("COMMENT_FILES")
    return limit


def keep_text(
    by: User, *, form_key: str, purpose: Draft.Purpose, fields: dict[str, str], page: str = ""
) -> Draft | None:
    """Saves the text typed in a form of the page at the path `page`, to be shown again to this person only.

    Returns the draft, or None when there is nothing to keep: no text in the fields of `WORDS` and no file.
    """
    texts = {}
    for name, value in list(fields.items())[:FIELDS_MAX]:
        with suppress(Unreadable):  # text that no database can store is not kept
            texts[one_line(name, NAME_MAX)] = many_lines(value[:FIELD_MAX], FIELD_MAX)
    draft = _draft(by, form_key, purpose)
    draft.fields, draft.page, draft.saved_at = texts, page[:PAGE_MAX], clock.now()
    if not draft.words and not DraftFile.objects.filter(draft=draft).exists():
        draft.delete()
        return None
    draft.save(update_fields=["fields", "page", "saved_at"])
    return draft


def was_sent(by: User, *, form_key: str) -> bool:
    """Returns whether the form was already sent, in which case text typed there now is another text (R103)."""
    return TicketEvent.objects.filter(once_key=f"{by.key}:{form_key}").exists()


def drop_draft(by: User, *, form_key: str) -> None:
    """Deletes the person's draft of a form, with its files. Does nothing when there is none."""
    draft = drafts_for(by).filter(key=form_key).first() if is_form_key(form_key) else None
    if draft is not None:
        stored_names = list(DraftFile.objects.filter(draft=draft).values_list("stored", flat=True))
        draft.delete()
        for name in stored_names:
            files.remove(name)
        pictures.drop(sources=stored_names)


def drop_sent(by: User, *, page: str, name: str, text: str) -> None:
    """Deletes the drafts of the page at the path `page` whose field `name` holds `text`, which was just sent.

    These are drafts of another instance of the same form. A draft with files is kept, because its files were not sent.
    """
    if sent_text := many_lines(text, FIELD_MAX) if text else "":
        drafts = drafts_for(by).filter(page=page[:PAGE_MAX], **{f"fields__{name}": sent_text})
        drafts.exclude(pk__in=DraftFile.objects.values("draft_id")).delete()


def renew_key(by: User, *, form_key: str) -> str:
    """Replaces the key of a form whose key was already used, and that of its draft; returns the new key (R103)."""
    fresh = new_key()
    drafts_for(by).filter(key=form_key).update(key=fresh)
    return fresh


def add_file(
    by: User, *, form_key: str, purpose: Draft.Purpose, name: str, chunks: Iterable[bytes], replaced: str = ""
) -> DraftFile:
    """Stores one uploaded file in the draft of a form, in the place of the file `replaced` (a key) when it names one.

    Raises Invalid, naming the file, when there are too many files, or when it is too large, empty, or runs.
    """
    file_name = clean_name(name)
    try:
        stored_file = files.store(chunks, limit=chosen("FILE_MAX_MB") * 1024 * 1024)
    except files.TooLarge:
        raise Invalid(
            {
                "attachments": [
                    _("« %(name)s » dépasse %(limit)d Mo.") % {"name": file_name, "limit": chosen("FILE_MAX_MB")}
                ]
            }
        ) from None
    try:
        kind = accepted_type(file_name, files.path_of(stored_file.name))
        with transaction.atomic():
            file = _keep_file(by, form_key, purpose, file_name, stored_file, kind, replaced)
    except RefusedFile as refusal:
        files.remove(stored_file.name)
        raise Invalid({"attachments": [str(refusal)]}) from None
    except Invalid:
        files.remove(stored_file.name)
        raise
    if replaced:
        with suppress(NotVisible):  # taken out meanwhile
            remove_file(by, form_key=form_key, key=replaced)
    return file


def _too_many(name: str, most: int) -> str:
    message = ngettext("« %(name)s » : %(most)d fichier au plus.", "« %(name)s » : %(most)d fichiers au plus.", most)
    return message % {"name": name, "most": most}


def _keep_file(
    by: User,
    form_key: str,
    purpose: Draft.Purpose,
    name: str,
    stored_file: files.StoredFile,
    kind: str,
    replaced: str,
) -> DraftFile:
    draft = Draft.objects.select_for_update().get(pk=_draft(by, form_key, purpose).pk)
    most = files_limit(purpose)
    if DraftFile.objects.filter(draft=draft).exclude(key=replaced).count() >= most:
        raise Invalid({"attachments": [_too_many(name, most)]})
    draft_bytes = DraftFile.objects.filter(draft__owner=by).aggregate(total=Sum("size"))["total"] or 0
    if draft_bytes + stored_file.size > chosen("DRAFT_QUOTA_MB") * 2**20:
        raise Invalid(
            {"attachments": [_("Trop de fichiers attendent dans vos brouillons : envoyez-en, ou retirez-en.")]}
        )
    pictures.ask(source=stored_file.name, media_type=kind)
    return DraftFile.objects.create(
        key=new_key(),
        draft=draft,
        name=name,
        size=stored_file.size,
        media_type=kind,
        sha256=stored_file.sha256,
        stored=stored_file.name,
    )


def remove_file(by: User, *, form_key: str, key: str) -> None:
    """Removes a file from the draft of a form. Raises NotVisible for a file of another form or person."""
    own_files = DraftFile.objects.filter(draft__in=drafts_for(by))
    file = own_files.filter(draft__key=form_key, key=key).first() if is_key(key) and is_form_key(form_key) else None
    if file is None or not DraftFile.objects.filter(pk=file.pk).delete()[0]:
        raise NotVisible  # absent, or attached by a concurrent submission, which needs the stored file
    files.remove(file.stored)
    pictures.drop(sources=[file.stored])


def _draft(by: User, form_key: str, purpose: Draft.Purpose) -> Draft:
    if not is_form_key(form_key):
        raise NotVisible
    draft, _created = Draft.objects.get_or_create(
        owner=by, key=form_key, defaults={"purpose": purpose, "saved_at": clock.now()}
    )
    return draft


def keep_files(
    by: User,
    *,
    form_key: str,
    purpose: Draft.Purpose,
    uploads: Iterable[tuple[str, Iterable[bytes]]],
    replaced: str = "",
) -> list[str]:
    """Stores the files submitted with a form; returns the reasons for those refused, and keeps the others.

    `replaced` is the key of the file whose place the submitted one takes, if any.
    """
    refusals: list[str] = []
    for name, chunks in uploads:
        try:
            add_file(by, form_key=form_key, purpose=purpose, name=name, chunks=chunks, replaced=replaced)
        except Invalid as refusal:
            refusals += refusal.errors["attachments"]
    return refusals
