"""Tickets that are opened by mail, and the priority that their author is then asked for (R85, R89, R90)."""

from collections.abc import Callable
from typing import Any

import pytest

from calypso.base.errors import Conflict, Forbidden, Invalid
from calypso.base.reply_addresses import named_address
from calypso.mailin import processing
from calypso.mailin.models import ReceivedEmail
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
from calypso.tickets.actions.prioritizing import declare_priority
from calypso.tickets.actions.steps import retain_priority
from calypso.tickets.models import Attachment, Ticket, TicketEvent
from calypso.tickets.priorities import Priority
from tests.files import PNG
from tests.mailin.mails import answer, arrive
from tests.world import World, address

pytestmark = pytest.mark.usefixtures("read_here")
PROOF = "mx.leni.example; dmarc=pass header.from=alpha.example"


@pytest.fixture(autouse=True)
def named(world: World, settings: Any) -> None:
    """Project A1 has an address, and our server says who writes."""
    settings.MAIL_AUTHSERV = "mx.leni.example"
    Project.objects.filter(pk=world.project("A1").pk).update(mail_name="salon-metiers")


def demand(world: World, who: str = "dec", words: str = "La borne 4 ne lit rien.", **headers: Any) -> bytes:
    headers = {"Subject": "Borne 4", "Authentication_Results": PROOF, **headers}
    return answer(world, who, world.ticket("A1"), words, to=named_address("salon-metiers"), **headers)


def opened(row: ReceivedEmail) -> Ticket:
    return Ticket.objects.select_related("project", "organization", "author").get(pk=row.ticket_id)


class TestOpening:
    def test_a_message_of_who_sees_the_project_is_a_ticket(self, world: World) -> None:
        row = arrive(demand(world, files={"écran.png": PNG}))
        ticket = opened(row)
        assert (row.state, ticket.project_id, ticket.author_id) == ("applied", world.project("A1").pk, world.dec.pk)
        assert (ticket.title, ticket.description) == ("Borne 4", "La borne 4 ne lit rien.")
        assert (ticket.priority_asked, TicketEvent.objects.get(pk=row.event_id).source) == (True, "mail")
        assert [file.name for file in Attachment.objects.filter(ticket=ticket)] == ["écran.png"]

    def test_its_author_is_asked_for_the_priority_by_one_link(self, world: World) -> None:
        ticket = opened(arrive(demand(world)))
        mails = OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}", recipient=address("dec"))
        assert [mail.kind for mail in mails] == ["tickets.opened"]
        for text in (mails[0].text, mails[0].html):
            assert f"/tickets/{ticket.reference}/priorite/" in text
            assert "Avec la priorité" not in text
        other = OutgoingEmail.objects.get(about=f"ticket:{ticket.reference}", recipient=address("pm"))
        assert "priorite/" not in other.text

    def test_files_that_are_refused_are_named(self, world: World) -> None:
        ticket = opened(arrive(demand(world, files={"outil.exe": b"MZ\x90\0"})))
        mail = OutgoingEmail.objects.get(kind="mailin.understood", about=f"ticket:{ticket.reference}")
        assert "outil.exe" in mail.text
        assert "est devenu le ticket" in mail.text

    @pytest.mark.parametrize("subject,title", [("", "La borne 4 ne lit rien."), ("Re: TR: Borne", "Borne")])
    def test_a_title_is_found(self, world: World, subject: str, title: str) -> None:
        assert opened(arrive(demand(world, Subject=subject))).title == title

    @pytest.mark.parametrize("who,reason", [("out", "no_sight"), ("buser", "no_sight"), ("agent", "unaddressed")])
    def test_r85_who_does_not_see_the_project_opens_nothing(self, world: World, who: str, reason: str) -> None:
        proof = PROOF.replace("alpha", "beta") if who == "buser" else PROOF
        count = Ticket.objects.count()
        row = arrive(demand(world, who, Authentication_Results=proof))
        assert (row.state, Ticket.objects.count()) == ("held", count)
        assert row.reason in (reason, "no_sight")

    def test_r85_without_the_word_of_our_server_it_waits(self, world: World, settings: Any) -> None:
        assert arrive(demand(world, words="Un.", Authentication_Results="")).reason == "unproven"
        settings.MAIL_AUTHSERV = ""
        assert arrive(demand(world, words="Deux.")).reason == "unproven"

    def test_r89_a_stranger_opens_nothing_and_gets_nothing(self, world: World) -> None:
        mails = OutgoingEmail.objects.count()
        row = arrive(demand(world, sender="inconnu@ailleurs.example"))
        assert (row.state, row.reason, OutgoingEmail.objects.count()) == ("held", "unknown", mails)

    def test_r89_an_address_of_no_project_says_nothing(self, world: World) -> None:
        raw = demand(world).replace(b"salon-metiers", b"salon-inconnu")
        assert arrive(raw).reason == "unaddressed"

    def test_an_archived_project_refuses(self, world: World) -> None:
        Project.objects.update(mail_name="")
        Project.objects.filter(pk=world.project("A3").pk).update(mail_name="salon-metiers")
        assert arrive(demand(world)).reason == "refused"

    def test_the_answer_to_one_s_own_message_goes_on_its_ticket(self, world: World) -> None:
        first = arrive(demand(world, Message_ID="<premier@alpha.example>"))
        again = arrive(
            demand(world, words="J'oubliais : hall B.", Subject="Re: Borne 4", In_Reply_To="<premier@alpha.example>")
        )
        assert (again.ticket_id, TicketEvent.objects.get(pk=again.event_id).kind) == (first.ticket_id, "commented")

    def test_r90_ten_tickets_an_hour_then_somebody_looks(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(processing, "OPENINGS", 2)
        rows = [arrive(demand(world, words=f"Demande {number}.")) for number in range(3)]
        assert [row.reason for row in rows] == ["", "", "too_many"]


class TestPriority:
    def test_it_is_declared_once_and_retained(self, world: World, browser: Callable[..., Any]) -> None:
        ticket = opened(arrive(demand(world)))
        page = f"/tickets/{ticket.reference}/"
        client = browser("dec")
        assert "Préciser la priorité" in client.get(page).content.decode()
        assert client.get(f"{page}priorite/").status_code == 200
        refused = client.post(f"{page}priorite/", {"priority": "4", "context": ""})
        assert refused.status_code == 422
        done = client.post(f"{page}priorite/", {"priority": "4", "context": "Le salon ouvre demain"})
        assert done["Location"] == f"{page}?fait=priorite-precisee"
        ticket.refresh_from_db()
        assert (ticket.declared_priority, ticket.priority, ticket.context) == ("4", "4", "Le salon ouvre demain")
        assert client.get(f"{page}priorite/").status_code == 302
        again = client.post(f"{page}priorite/", {"priority": "1"})
        assert again["Location"] == f"{page}?fait=lien-depasse"
        assert "Priorité précisée" in client.get(page).content.decode()
        told = OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}", kind="tickets.client_comment")
        assert address("manager") in set(told.values_list("recipient", flat=True))

    def test_a_priority_that_the_team_retained_stays(self, world: World) -> None:
        ticket = opened(arrive(demand(world)))
        retain_priority(world.manager, ticket=ticket, priority=Priority.HIGH, reason="Ouverture", seen_version=1)
        declare_priority(world.dec, ticket=ticket, priority="1", context="")
        ticket.refresh_from_db()
        assert (ticket.declared_priority, ticket.priority) == ("1", "3")

    def test_s65_only_a_client_who_may_write_declares_it(self, world: World) -> None:
        ticket = opened(arrive(demand(world)))
        with pytest.raises(Forbidden):
            declare_priority(world.agent, ticket=ticket, priority="1", context="")
        with pytest.raises(Invalid):
            declare_priority(world.dec, ticket=ticket, priority="9", context="")

    def test_r103_a_double_click_declares_it_once(self, world: World) -> None:
        ticket = opened(arrive(demand(world)))
        first, second = (
            declare_priority(world.dec, ticket=ticket, priority="2", context="", form_key="deux") for _click in range(2)
        )
        assert first.pk == second.pk
        with pytest.raises(Conflict):
            declare_priority(world.dec, ticket=ticket, priority="2", context="", form_key="autre")


def test_the_address_is_chosen_on_the_page_of_the_project(world: World, browser: Callable[..., Any]) -> None:
    Project.objects.update(mail_name="")
    project = world.project("A1")
    page = f"/equipe/projets/{project.key}/"
    facts = {"name": project.name, "vendor_manager": world.manager.key, "client_manager": world.pm.key}
    manager = browser("manager")
    assert 'name="mail_name"' in manager.get(page).content.decode()
    assert manager.post(page, {**facts, "mail_name": "Salon été"}).status_code == 422
    assert manager.post(page, {**facts, "mail_name": "Salon-Paris"}).status_code == 302
    assert "tickets+salon-paris@leni.example" in browser("dec").get(f"/projets/{project.key}/").content.decode()
    other = f"/equipe/projets/{world.project('A2').key}/"
    taken = manager.post(other, {**facts, "name": world.project("A2").name, "mail_name": "salon-paris"})
    assert "Un autre projet a cette adresse" in taken.content.decode()
