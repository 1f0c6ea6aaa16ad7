"""The review of a batch through its pages: what a client reads, decides, and keeps (decision 12)."""

import re

import pytest

from calypso.acceptance.actions import build_batch, publish_batch
from calypso.acceptance.models import Batch
from calypso.projects.models import Project
from calypso.tickets.models import Draft, Ticket
from calypso.ui import documents
from tests.files import PNG
from tests.pages import fill, form, words
from tests.world import World, new_ticket, say, upload


@pytest.fixture
def tickets(world: World) -> list[Ticket]:
    Project.objects.filter(pk=world.project("A1").pk).update(by_batch=True)
    made = []
    for number in range(2):
        key = upload(world.agent, f"k{number}", Draft.Purpose.COMMENT, f"preuve{number}.png")
        ticket = say(world, "agent", new_ticket(world, title=f"Sujet {number}", description="Il manque."), "start")
        made.append(say(world, "agent", ticket, "process", "C'est corrigé.", form_key=key))
    return made


@pytest.fixture
def batch(world: World, tickets: list[Ticket]) -> Batch:
    names = [ticket.reference for ticket in tickets]
    made = build_batch(world.manager, project=world.project("A1"), name="Recette 1", note="Videz.", references=names)
    publish_batch(world.manager, batch=made, seen_version=1)
    return made


def decide(opened, batch: Batch, ticket: Ticket, act: str, **values: str):
    address = f"/lots/{batch.key}/{ticket.reference}/"
    fields = fill(form(opened.get(address), f"{address}decider/"), act=act, **values)
    return opened.post(f"{address}decider/", fields)


def test_from_the_project_to_the_record(browser, world: World, tickets: list[Ticket], batch: Batch) -> None:
    opened = browser("pm")
    project = words(opened.get(f"/projets/{world.project('A1').key}/"))
    assert "Recette 1 : 2 tickets traités à vérifier" in project
    first = opened.get(f"/lots/{batch.key}/{tickets[0].reference}/")
    for text in ("Ticket 1 sur 2", "Il manque.", "C'est corrigé.", "preuve0.png", "Clôturer le ticket"):
        assert text in words(first), text
    assert "preuve1.png" not in words(first)
    assert (
        f"/lots/{batch.key}/{tickets[0].reference}/" in opened.get(f"/tickets/{tickets[0].reference}/").content.decode()
    )
    answer = decide(opened, batch, tickets[0], "return", body="Toujours pas.\n\tligne 2")
    assert answer.url == f"/lots/{batch.key}/{tickets[1].reference}/?fait=decide&sur={tickets[0].reference}"
    again = words(opened.get(f"/lots/{batch.key}/{tickets[0].reference}/"))
    assert "Refusé" in again
    assert "Toujours pas." in again
    assert opened.get(f"/lots/{batch.key}/pv/").status_code == 404, "no record before the last decision"
    assert (
        decide(opened, batch, tickets[1], "close").url == f"/lots/{batch.key}/?fait=verifie&sur={tickets[1].reference}"
    )
    assert "Voir le procès-verbal" in words(opened.get(f"/lots/{batch.key}/"))
    page = opened.get(f"/lots/{batch.key}/pv/")
    assert re.search(
        r'<div class="small prose"[^>]*><em>[^<]*</em> Toujours pas\.\n\tligne 2</div>', page.content.decode()
    )
    record = words(page)
    for text in ("Procès-verbal de recette", "1 accepté, 1 refusé", "Paule MERCIER", "Toujours pas.", "Videz."):
        assert text in record, text
    assert "Procès-verbal de recette" in words(browser("agent").get(f"/lots/{batch.key}/pv/"))


def test_c4_a_return_without_a_word_keeps_the_page_and_its_file(
    browser, world: World, tickets: list[Ticket], batch: Batch
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("écran.png", PNG, "image/png")
    answer = decide(browser("dec"), batch, tickets[0], "return", attachments=file)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert "écran.png" in words(answer)
    assert Ticket.objects.get(pk=tickets[0].pk).state == "processed"


def test_c5_decided_by_a_colleague_meanwhile(browser, world: World, tickets: list[Ticket], batch: Batch) -> None:
    opened, address = browser("dec"), f"/lots/{batch.key}/{tickets[0].reference}/"
    fields = fill(form(opened.get(address), f"{address}decider/"), act="return", body="Un long texte écrit.")
    say(world, "pm", tickets[0], "close")
    answer = opened.post(f"{address}decider/", fields)
    assert answer.status_code == 409
    assert "Un long texte écrit." in words(answer), "no word is lost"
    assert "Paule MERCIER" in words(answer)


def test_decision_9_a_closing_that_contradicts_itself_asks(
    browser, world: World, tickets: list[Ticket], batch: Batch
) -> None:
    answer = decide(browser("dec"), batch, tickets[0], "close", body="Ne fonctionne pas")
    assert answer.status_code == 409
    assert "Clôturer quand même" in words(answer)


def test_a_ticket_of_another_batch_is_not_there(browser, world: World, tickets: list[Ticket], batch: Batch) -> None:
    other = world.ticket("A2")
    assert browser("pm").get(f"/lots/{batch.key}/{other.reference}/").status_code == 404
    assert browser("pm").post(f"/lots/{batch.key}/{other.reference}/decider/", {"act": "close"}).status_code == 404


def test_nothing_shows_before_it_is_published(browser, world: World, tickets: list[Ticket]) -> None:
    opened = browser("pm")
    names = [ticket.reference for ticket in tickets]
    made = build_batch(world.manager, project=world.project("A1"), name="Recette 1", note="", references=names)
    assert opened.get(f"/lots/{made.key}/").status_code == 404
    ticket = words(opened.get(f"/tickets/{tickets[0].reference}/"))
    assert "C'est corrigé." not in ticket
    assert "preuve0.png" not in ticket
    assert "publier" not in ticket


class TestDocument:
    def test_r61_the_record_as_pdf_fetches_nothing(
        self, browser, world: World, tickets: list[Ticket], batch: Batch
    ) -> None:
        hostile = "<img src=file:///etc/passwd> <link rel=attachment href=http://127.0.0.1:9/x> url(file:///etc/hosts)"
        for ticket in tickets:
            say(world, "pm", ticket, "close", hostile)
        answer = browser("pm").get(f"/lots/{batch.key}/pv.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert "attachment" in answer["Content-Disposition"]
        assert answer.content.startswith(b"%PDF-")
        assert b"EmbeddedFile" not in answer.content
        with pytest.raises(ValueError, match="fetches nothing"):
            documents._refuse_url("file:///etc/passwd")

    def test_without_what_writes_it_people_print(
        self, browser, world: World, tickets: list[Ticket], batch: Batch, monkeypatch
    ) -> None:
        for ticket in tickets:
            say(world, "pm", ticket, "close")
        documents.writes_pdf.cache_clear()
        monkeypatch.setattr(documents, "find_spec", lambda _name: None)
        page = words(browser("pm").get(f"/lots/{batch.key}/pv/"))
        assert "Télécharger en PDF" not in page
        assert "Imprimer" in page
        assert browser("pm").get(f"/lots/{batch.key}/pv.pdf").status_code == 404
        documents.writes_pdf.cache_clear()

    def test_a_library_that_misses_its_own_libraries_counts_as_absent(self, monkeypatch) -> None:
        import builtins

        imported = builtins.__import__

        def refuse(name: str, *rest: object, **more: object) -> object:
            if name == "weasyprint":
                raise OSError("cannot load library")
            return imported(name, *rest, **more)  # type: ignore[arg-type]

        documents.writes_pdf.cache_clear()
        monkeypatch.setattr(builtins, "__import__", refuse)
        assert not documents.writes_pdf()
        documents.writes_pdf.cache_clear()
