"""Two companies never see each other, nor a client what is the team's (must show 4, R1, R2, R11, R12)."""

import re

import pytest

from calypso.acceptance.actions import build_batch
from calypso.acceptance.models import Batch
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
from calypso.search.reindexing import reindex
from calypso.tickets.models import Draft, Ticket
from tests.contracts.routes import POST_ONLY, ROUTES
from tests.contracts.walk import address
from tests.world import CLIENTS, World, canary, say, upload

PROJECTS = ("A1", "A2", "A3", "B1")
SIGHT = {
    "pm": {"A1", "A2", "A3"},
    "dec": {"A1", "A2", "A3"},
    "obs": {"A1", "A2", "A3"},
    "out": {"A2", "A3"},
    "bpm": {"B1"},
    "buser": {"B1"},
}


TEAM_ONLY = {
    "note",
    "fichiernote",
    "rd",
    "panne",
    "tache",
    "temps",
    "fiche",
    "societe",
    "pret",
    "fichierpret",
    "brouillon",
}  # what the team writes for itself, by the name of its canary


def crawl(opened, start: list[str], forbidden: tuple[str, ...] = ("/deconnexion/",)) -> dict[str, bytes]:
    """Every page and file reached by following links from `start`, by address."""
    seen: dict[str, bytes] = {}
    todo = list(start)
    while todo:
        path = re.sub(r"[?&]dans=[^&]*", "", todo.pop())  # the queue one came from changes nothing of what is read
        if path.startswith("/tableau-de-bord/"):  # whatever the day and the sort, the tickets are those of the month
            path = re.sub(r"&(du|au|tri|page)=[^&]*", "", path.replace("?", "?&", 1)).replace("?&", "?")
        # A document's bytes are compressed; the page of the same record is read instead.
        if path in seen or path.startswith(forbidden) or "langue=" in path or path.endswith(".pdf"):
            continue
        answer = opened.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen[path] = content + str(sorted(answer.items())).encode()
        if answer.status_code == 200 and not answer.streaming:
            html = answer.content.decode(errors="replace")
            todo += [
                link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', html) if "/static/" not in link
            ]
    return seen


def prepared(world: World) -> Batch:
    """The ticket of A1 made ready to publish, with a file, in a batch that waits."""
    Project.objects.filter(pk=world.project("A1").pk).update(by_batch=True)
    ticket = say(world, "agent", world.ticket("A1"), "start")
    key = upload(world.agent, "pret", Draft.Purpose.COMMENT, f"{canary('A1', 'fichierpret')}.png")
    ticket = say(world, "agent", ticket, "process", f"Fait {canary('A1', 'pret')}", form_key=key)
    words = canary("A1", "brouillon")
    return build_batch(
        world.manager, project=world.project("A1"), name=words, note=words, references=[ticket.reference]
    )


def _starts(world: World) -> list[str]:
    reindex()  # so that words begun are completed
    pages = [address(name, world, project) for name in sorted(set(ROUTES) - POST_ONLY) for project in PROJECTS] + [
        f"/projets/{world.project(project).key}/clos/?q=canari" for project in PROJECTS
    ]
    return pages + ["/recherche/?q=canari", "/recherche/propositions/?q=canari"]


@pytest.mark.checklist("S138")
@pytest.mark.parametrize("who", sorted(CLIENTS))
def test_r1_r11_a_client_reads_the_canaries_of_what_they_see_only(who: str, browser, world: World) -> None:
    for project in ("A2", "B1"):
        say(world, "dec" if project == "A2" else "buser", world.ticket(project), "close")
    prepared(world)
    pages = crawl(browser(who), ["/", *_starts(world)])
    assert len(pages) > 40
    for path, content in pages.items():
        text = content.decode(errors="replace").replace(path, "")
        for project in PROJECTS:
            for word in set(re.findall(rf"canari{project}(\w+)", text)):
                assert project in SIGHT[who], (path, project, word)
                assert word not in TEAM_ONLY, (path, project, word)
    seen = {
        project
        for project in PROJECTS
        if any(f"canari{project}titre".encode() in content for content in pages.values())
    }
    assert seen >= SIGHT[who] - {"A3"}


def test_r11_the_team_reads_the_notes(browser, world: World) -> None:
    ticket = browser("agent").get(address("desk:ticket", world, "A1")).content
    assert b"canariA1note" in ticket
    assert b"canariA1rd" in ticket
    batch = browser("agent").get(f"/equipe/lots/{prepared(world).key}/").content
    assert b"canariA1pret" in batch
    assert b"canariA1brouillon" in batch
    assert b"canariB1titre" in browser("agent").get("/equipe/").content


def test_r11_nothing_a_client_can_fetch_changes_when_a_note_is_added(browser, world: World) -> None:
    opened = browser("dec")
    paths = [
        "/projets/",
        "/tickets/",
        address("portal:project", world),
        address("portal:ticket", world),
        address("portal:closed", world),
    ]

    def fetched() -> list[str]:
        varying = re.compile(r'(name="(?:csrfmiddlewaretoken|cle|compte)" value="|made-at="|brouillons/\w+/)[^"/]+')
        return [varying.sub(r"\1", opened.get(path).content.decode()) for path in paths]

    before = fetched()
    say(world, "agent", world.ticket("A1"), "note", "Encore une note")
    assert fetched() == before


def test_r11_no_note_reaches_a_client_by_mail(world: World) -> None:
    """A ticket of each company has its note; its clients were told of the opening, of a comment and of the closing."""
    for project in ("A1", "B1"):
        say(world, "agent", world.ticket(project), "comment", f"Réponse {canary(project, 'reponse')}")
        say(world, "manager", world.ticket(project), "close_for_vendor", "Doublon")
    for company, own, other in (("alpha", "A", "B"), ("beta", "B", "A")):
        mails = list(OutgoingEmail.objects.filter(recipient__endswith=f"@{company}.example"))
        texts = [mail.subject + mail.text + mail.html for mail in mails]
        about = {mail.kind for mail in mails if f"canari{own}1titre" in mail.text}
        assert about >= {"tickets.opened", "tickets.vendor_comment", "tickets.closed"}
        read = {word for text in texts for word in re.findall(rf"canari{own}\d(\w+)", text)}
        assert read >= {"titre", "description", "reponse"}
        assert read & TEAM_ONLY == set()
        assert [text for text in texts if f"canari{other}" in text] == []


def test_r130_clients_see_names_not_addresses(browser, world: World) -> None:
    pages = crawl(browser("dec"), ["/projets/", address("portal:ticket", world)])
    assert len(pages) > 10
    assert "Paule MERCIER" in pages[address("portal:ticket", world)].decode()
    found = {
        (word, path)
        for path, content in pages.items()
        for word in re.findall(r"[\w.]+@(?:alpha|beta|leni)\.example", content.decode(errors="replace"))
    }
    assert {word for word, _path in found} == {"dec@alpha.example", "support@leni.example"}, sorted(found)


def test_r20_a_reference_gives_nothing(browser, world: World) -> None:
    reference = Ticket.objects.get(pk=world.ticket("B1").pk).reference
    for path in (
        f"/tickets/{reference}/",
        f"/equipe/tickets/{reference}/",
        f"/projets/{world.project('A1').key}/clos/?q={reference}",
    ):
        content = browser("dec").get(path).content
        assert b"canariB1" not in content
