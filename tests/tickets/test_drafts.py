"""Unsent forms and their files (R66–R68), and what sweeps them."""

import os

import pytest

from calypso.base import clock, files
from calypso.base.errors import Invalid, NotVisible
from calypso.tickets.actions import drafts
from calypso.tickets.models import Attachment, Draft, DraftFile
from calypso.tickets.queries.drafts import draft_purpose, get_draft
from calypso.tickets.tasks import sweep_files
from tests.files import PDF, PNG
from tests.world import World, upload

OPENING, COMMENT = Draft.Purpose.OPENING, Draft.Purpose.COMMENT


def stored_names() -> set[str]:
    return set(files.stored_before(clock.now().timestamp() + 60))


def test_r68_what_was_typed_comes_back_to_its_owner_only(world: World) -> None:
    drafts.keep_text(world.dec, form_key="cle1", purpose=OPENING, fields={"title": "Début", "body": "x" * 300_000})
    fields, _files = get_draft(world.dec, "cle1")
    assert fields["title"] == "Début"
    assert len(fields["body"]) == drafts.FIELD_MAX
    assert get_draft(world.obs, "cle1") == ({}, [])
    assert get_draft(world.dec, "") == ({}, [])


def test_typing_again_replaces_what_was_kept(world: World) -> None:
    for title in ("un", "deux"):
        drafts.keep_text(world.dec, form_key="cle2", purpose=OPENING, fields={"title": title})
    assert get_draft(world.dec, "cle2")[0] == {"title": "deux"}


@pytest.mark.checklist("S64")
def test_r66_five_files_then_no_more(world: World) -> None:
    for number in range(5):
        upload(world.dec, "cle3", OPENING, f"f{number}.pdf", PDF)
    before = stored_names()
    with pytest.raises(Invalid, match="f5.pdf"):
        upload(world.dec, "cle3", OPENING, "f5.pdf", PDF)
    assert stored_names() == before
    assert [file.name for file in get_draft(world.dec, "cle3")[1]] == [f"f{number}.pdf" for number in range(5)]


def test_r66_the_drafts_of_one_person_hold_so_much(world: World, settings) -> None:
    settings.DRAFT_QUOTA_MB = 1
    upload(world.dec, "plein1", COMMENT, "a.png", PNG + bytes(700_000))
    with pytest.raises(Invalid, match="brouillons"):
        upload(world.dec, "plein2", COMMENT, "b.png", PNG + bytes(700_000))
    assert (
        len(stored_names() & set(DraftFile.objects.filter(draft__owner=world.dec).values_list("stored", flat=True)))
        == 1
    )
    upload(world.obs, "plein2", COMMENT, "b.png", PNG + bytes(700_000))


def test_r64_a_refused_file_leaves_nothing_and_is_named(world: World) -> None:
    before = stored_names()
    with pytest.raises(Invalid, match="page.hta"):
        upload(world.dec, "cle4", OPENING, "page.hta", b"<script>")
    assert stored_names() == before


def test_r66_a_file_that_is_too_big_is_named_with_its_limit(world: World, settings) -> None:
    settings.FILE_MAX_MB = 1
    with pytest.raises(Invalid, match="gros.pdf.*1 Mo"):
        upload(world.dec, "cle5", OPENING, "gros.pdf", PDF + b"x" * 1024 * 1024)


def test_the_good_files_of_a_form_are_kept_and_the_bad_ones_named(world: World) -> None:
    refused = drafts.keep_files(
        world.dec, form_key="cle6", purpose=OPENING, uploads=[("a.png", [PNG]), ("b.exe", [b"MZ"]), ("c.pdf", [PDF])]
    )
    assert len(refused) == 1
    assert "b.exe" in refused[0]
    assert [file.name for file in get_draft(world.dec, "cle6")[1]] == ["a.png", "c.pdf"]


def test_r68_a_file_is_taken_out_by_its_owner_only(world: World) -> None:
    upload(world.dec, "cle7", COMMENT, "a.png")
    file = get_draft(world.dec, "cle7")[1][0]
    for who, key in ((world.obs, "cle7"), (world.dec, "autre")):
        with pytest.raises(NotVisible):
            drafts.remove_file(who, form_key=key, key=file.key)
    drafts.remove_file(world.dec, form_key="cle7", key=file.key)
    assert get_draft(world.dec, "cle7")[1] == []
    assert not files.path_of(file.stored).exists()
    assert str(file) == "a.png"


@pytest.mark.parametrize("key", ["", "a-b", "../x", "x" * 33])
def test_r68_a_form_key_is_ours(key: str, world: World) -> None:
    with pytest.raises(NotVisible):
        drafts.keep_text(world.dec, form_key=key, purpose=OPENING, fields={})


def test_purposes_are_a_closed_list() -> None:
    assert draft_purpose("opening") is OPENING
    with pytest.raises(NotVisible):
        draft_purpose("autre")


def test_r67_r68_the_sweeper_removes_old_drafts_and_orphans_and_nothing_else(world: World) -> None:
    upload(world.dec, "vieux", OPENING, "vieux.pdf", PDF)
    upload(world.dec, "neuf", OPENING, "neuf.pdf", PDF)
    Draft.objects.filter(key="vieux").update(saved_at=clock.ago(days=8))
    old = DraftFile.objects.get(name="vieux.pdf").stored
    orphan = files.store([b"perdu"], limit=100).name
    for name in stored_names():
        os.utime(files.path_of(name), (0, 0))
    sweep_files.func()
    left = stored_names()
    assert old not in left
    assert orphan not in left
    assert DraftFile.objects.get(name="neuf.pdf").stored in left
    attached = set(Attachment.objects.values_list("stored", flat=True))
    assert attached
    assert attached <= left
    assert str(Draft.objects.get(key="neuf")).startswith("draft of")
    assert sweep_files.func() == 0
