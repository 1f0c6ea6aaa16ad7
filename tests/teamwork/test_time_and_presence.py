"""The team at work on a ticket: who else is there, the time it took; none of it the client's (R11, R18)."""

from datetime import timedelta

import pytest
import time_machine

from calypso.base import clock
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.base.table_files import read_tables
from calypso.teamwork.actions.presence import be_there, go_away, sweep_presences
from calypso.teamwork.actions.time_entries import add_time, remove_time
from calypso.teamwork.models import Presence, TimeEntry
from calypso.teamwork.queries.work import HERE, TYPING, minutes_by_ticket, others_there, time_on
from calypso.tickets.models import Ticket
from tests.contracts.walk import address
from tests.pages import fill, form, in_order, words
from tests.world import World, say

pytestmark = pytest.mark.django_db


class TestPresence:
    def test_a_colleague_is_seen_then_seen_typing_then_gone(self, world: World, browser) -> None:
        path = address("desk:ticket", world) + "presence/"
        agent, support = browser("agent"), browser("support")
        assert agent.post(path).text == ""
        assert support.post(path).text == "Agent STAFF a ce ticket sous les yeux."
        agent.post(path, {"ecrit": "1"})
        assert support.post(path).text == "Agent STAFF écrit sur ce ticket."
        assert agent.post(path, {"parti": "1"}).status_code == 204
        assert support.post(path).text == ""
        assert str(Presence.objects.get()).endswith(f"on {world.ticket('A1').pk}")

    def test_a_page_that_died_no_longer_counts_and_is_swept(self, world: World) -> None:
        ticket = world.ticket("A1")
        now = clock.now()
        with time_machine.travel(now, tick=False) as at:
            be_there(world.agent, ticket=ticket, typing=True)
            for after, expected in ((TYPING - 1, [True]), (TYPING + 1, [False]), (HERE + 1, [])):
                at.move_to(now + timedelta(seconds=after))
                assert [other.typing for other in others_there(world.support, ticket)] == expected
            at.move_to(now + timedelta(hours=2))
            be_there(world.support, ticket=ticket, typing=False)
            sweep_presences.call()
        assert [row.person for row in Presence.objects.all()] == [world.support]

    def test_r11_clients_neither_show_nor_see(self, world: World, browser) -> None:
        ticket = world.ticket("A1")
        be_there(world.agent, ticket=ticket, typing=True)
        with pytest.raises(NotVisible):
            be_there(world.dec, ticket=ticket, typing=False)
        with pytest.raises(NotVisible):
            others_there(world.dec, ticket)
        assert "STAFF a ce ticket" not in words(browser("dec").get(address("portal:ticket", world)))

    def test_leaving_twice_is_leaving_once(self, world: World) -> None:
        go_away(world.agent, ticket=world.ticket("A1"))
        assert not Presence.objects.exists()


class TestTime:
    @pytest.fixture(autouse=True)
    def nothing_spent_yet(self, world: World) -> None:
        TimeEntry.objects.all().delete()

    @pytest.mark.parametrize(
        "typed, minutes",
        [
            ("45", 45),
            ("45 min", 45),
            ("90mn", 90),
            ("1h30", 90),
            ("1 H 05", 65),
            ("2h", 120),
            ("0:20", 20),
            ("24h", 1440),
        ],
    )
    def test_as_people_write_it(self, typed: str, minutes: int, world: World) -> None:
        assert add_time(world.agent, ticket=world.ticket("A1"), spent=typed).minutes == minutes

    @pytest.mark.parametrize("typed", ["", "0", "-5", "1h75", "beaucoup", "24h01", "1500", "1.5", "٤٥x", "h"])
    def test_c4_anything_else_is_refused(self, typed: str, world: World) -> None:
        with pytest.raises(Invalid) as refusal:
            add_time(world.agent, ticket=world.ticket("A1"), spent=typed)
        assert set(refusal.value.errors) == {"spent"}

    def test_from_the_page_what_is_being_written_is_kept(self, world: World, browser) -> None:
        opened, page = browser("agent"), address("desk:ticket", world)
        fields = fill(form(opened.get(page), f"{page}envoyer/"), body="En cours", spent="1h30", spent_note="Le plan")
        answer = opened.post(f"{page}temps/", fields)
        assert answer.status_code == 302
        shown = opened.get(answer["Location"])
        assert in_order(shown, "En cours", "Temps passé 1 h 30", "Agent STAFF · Le plan")
        refused = opened.post(f"{page}temps/", fill(fields, spent="jamais"))
        assert refused.status_code == 422
        assert "Indiquez une durée" in words(refused)
        entry = TimeEntry.objects.get()
        assert str(entry) == f"90 min on {entry.ticket_id}"
        assert opened.post(f"{page}temps/", {"spent_remove": entry.key}).status_code == 302
        assert not TimeEntry.objects.exists()
        again = opened.post(f"{page}temps/", fill(fields, spent_remove=entry.key, body="Commencé"))
        assert again.status_code == 409
        assert in_order(again, "La situation a changé", "Ce temps a déjà été retiré.")
        assert form(again, f"{page}envoyer/")["body"] == ["Commencé"]

    def test_r18_one_s_own_is_taken_back_or_anybody_s_by_who_assigns(self, world: World) -> None:
        ticket = world.ticket("A1")
        entry = add_time(world.agent, ticket=ticket, spent="10")
        theirs = add_time(world.manager, ticket=ticket, spent="20")
        with pytest.raises(Forbidden):
            remove_time(world.agent, ticket=ticket, key=theirs.key)
        with pytest.raises(Conflict):
            remove_time(world.agent, ticket=world.ticket("A2"), key=entry.key)
        assert [may for _entry, may in time_on(world.agent, ticket).entries] == [False, True]
        remove_time(world.support, ticket=ticket, key=theirs.key)
        assert time_on(world.agent, ticket).total == 10

    def test_a_closed_ticket_shows_its_time_and_takes_no_more(self, world: World, browser) -> None:
        ticket = world.ticket("A2")
        add_time(world.agent, ticket=ticket, spent="10")
        say(world, "out", ticket, "close")
        with pytest.raises(Forbidden):
            add_time(world.agent, ticket=ticket, spent="10")
        page = words(browser("agent").get(address("desk:ticket", world, "A2")))
        assert "Temps passé 10 min" in page
        assert "Ajouter du temps" not in page

    def test_r11_the_client_s_page_is_the_same_with_it(self, world: World, browser) -> None:
        add_time(world.agent, ticket=world.ticket("A1"), spent="10", note="Secret de fabrication")
        page = browser("dec").get(address("portal:ticket", world)).text
        assert "Secret de fabrication" not in page
        assert "Temps passé" not in page
        with pytest.raises(Forbidden):
            time_on(world.dec, world.ticket("A1"))
        with pytest.raises(Forbidden):
            minutes_by_ticket(world.dec, [])
        with pytest.raises(Forbidden):
            add_time(world.dec, ticket=world.ticket("A1"), spent="10")

    def test_the_export_has_it(self, world: World, browser) -> None:
        ticket = world.ticket("A1")
        add_time(world.agent, ticket=ticket, spent="10")
        add_time(world.agent, ticket=ticket, spent="1h")
        answer = browser("agent").post("/equipe/export/", {"ref": [ticket.reference, world.ticket("A2").reference]})
        rows = read_tables(answer.getvalue())[0].rows
        assert rows[0][-1] == "Temps passé (min)"
        assert {row[0]: row[-1] for row in rows[1:]} == {
            ticket.reference: "70",
            Ticket.objects.get(pk=world.ticket("A2").pk).reference: "",
        }
