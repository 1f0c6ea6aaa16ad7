"""The bell, the notification_preferences of each person, followed and muted tickets, colleagues named in a text (I10)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calypso.accounts.actions.erasing import erase_person
from calypso.accounts.actions.notifications import mark_notifications_seen, set_notification_preferences
from calypso.accounts.actions.people import set_contact_active
from calypso.accounts.bell import bell
from calypso.accounts.models import User
from calypso.accounts.queries import choices_page
from calypso.base import clock
from calypso.base.errors import Invalid, NotVisible
from calypso.outbox import delivery, kinds, maintenance
from calypso.outbox.models import Notification, OutgoingEmail, State
from calypso.outbox.preferences import Mail, next_digest
from calypso.projects import actions as projects
from calypso.tickets.access import team_sees, tickets_for
from calypso.tickets.actions.following import set_following
from calypso.tickets.models import Ticket, TicketFollow
from tests.world import World, new_ticket, say


def mailed(who: User, ticket: Ticket) -> list[str]:
    found = OutgoingEmail.objects.filter(recipient_key=who.key, about=f"ticket:{ticket.reference}")
    return list(found.order_by("id").values_list("kind", flat=True))


def rung(who: User, ticket: Ticket) -> list[str]:
    found = Notification.objects.filter(recipient_key=who.key, about=f"ticket:{ticket.reference}")
    return list(found.order_by("id").values_list("kind", flat=True))


def following(who: User, kind: str, mail: str = "now", *, rings: bool = True) -> None:
    bells = {one.key for one, _wish, _mails in choices_page(who)}
    set_notification_preferences(who, mails={kind: mail}, bells=bells if rings else bells - {kind})


@pytest.fixture
def ticket(world: World) -> Ticket:
    return new_ticket(world, title="Le badge")


def test_what_is_mailed_rings_too_with_its_subject_and_its_page(world: World, ticket: Ticket) -> None:
    say(world, "agent", ticket, "comment", "Bonjour")
    assert rung(world.dec, ticket) == mailed(world.dec, ticket) == ["tickets.opened", "tickets.vendor_comment"]
    last = Notification.objects.filter(recipient_key=world.dec.key).latest("id")
    assert ticket.title in last.title
    assert last.page == f"/tickets/{ticket.reference}/"


@pytest.mark.parametrize("mail", list(Mail))
@pytest.mark.parametrize("rings", [True, False])
def test_a_wish_is_kept_by_kind_and_channel(world: World, ticket: Ticket, mail: Mail, rings: bool) -> None:
    following(world.dec, "tickets.vendor_comment", mail, rings=rings)
    say(world, "agent", ticket, "comment", "Bonjour")
    assert ("tickets.vendor_comment" in mailed(world.dec, ticket)) is (mail is not Mail.NONE)
    assert ("tickets.vendor_comment" in rung(world.dec, ticket)) is rings
    assert "tickets.vendor_comment" in mailed(world.pm, ticket)


def test_the_mails_of_the_day_leave_together_in_the_morning(world: World, smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    following(world.dec, "tickets.vendor_comment", "daily")
    evening = clock.at(date(2026, 3, 10), 18)
    with clock.set_to(evening):
        ticket = new_ticket(world)
        say(world, "agent", ticket, "comment", "Un")
        say(world, "agent", ticket, "comment", "Deux")
    held = OutgoingEmail.objects.filter(recipient_key=world.dec.key, kind="tickets.vendor_comment")
    assert {timezone.localtime(row.next_try).strftime("%d %H:%M") for row in held} == {"11 08:00"}
    with clock.set_to(evening + timedelta(hours=1)):
        delivery.deliver()
    assert set(held.values_list("state", flat=True)) == {State.WAITING}
    with clock.set_to(evening + timedelta(hours=15)):
        delivery.deliver()
    assert sorted(held.values_list("state", flat=True)) == [State.GROUPED, State.SENT]


@pytest.mark.parametrize("hour, day", [(3, 29), (9, 30)])
def test_r107_the_morning_is_local_on_the_night_the_clock_changes(hour: int, day: int) -> None:
    with clock.set_to(clock.at(date(2026, 3, 29), hour)):
        assert timezone.localtime(next_digest()).strftime("%d %H:%M") == f"{day} 08:00"


# What waits for its reader: put off to the morning at most.
NEVER_LEFT_OUT = {
    "tickets.waiting",
    "tickets.processed",
    "tickets.reminder",
    "tickets.assigned",
    "acceptance.batch",
    "phases.proposed",
}
# Who chooses how to be told of each kind: the client's people, the team, or both.
CHOSEN_BY = {
    "mailin.understood": "client team",
    "tickets.opened": "client team",
    "tickets.taken": "client",
    "tickets.assigned": "team",
    "tickets.waiting": "client",
    "tickets.processed": "client",
    "tickets.client_comment": "client team",
    "tickets.returned": "client team",
    "tickets.returned_internally": "team",
    "tickets.closed": "client team",
    "tickets.vendor_comment": "client team",
    "tickets.rd": "team",
    "tickets.follow_up": "client team",
    "tickets.mention": "team",
    "tickets.reminder": "client",
    "tickets.unanswered": "team",
    "acceptance.batch": "client",
    "acceptance.batch_finished": "client team",
    "acceptance.batch_held": "team",
    "sla.event_near": "team",
    "phases.proposed": "client team",
    "phases.done": "client team",
    "phases.refused": "client team",
    "projects.opened_to_all": "client",
}
SIDES = [("dec", "client"), ("agent", "team")]
CHOICES = [
    pytest.param(who, kind, id=f"{who}-{kind}") for who, side in SIDES for kind in CHOSEN_BY if side in CHOSEN_BY[kind]
]


@pytest.mark.parametrize("who, kind", CHOICES)
def test_what_waits_for_its_reader_is_never_left_out(world: World, who: str, kind: str) -> None:
    person = world.person(who)
    [offered] = [mails for one, _wish, mails in choices_page(person) if one.key == kind]
    if kind in NEVER_LEFT_OUT:
        assert offered == ["now", "daily"]
        with pytest.raises(Invalid):
            following(person, kind, "none")
        assert User.objects.get(pk=person.pk).notification_preferences == {}
    else:
        assert offered == ["now", "daily", "none"]
        following(person, kind, "none")
        assert User.objects.get(pk=person.pk).notification_preferences[kind]["mail"] == "none"
    with pytest.raises(Invalid):
        following(person, kind, "parfois")


def test_a_wish_kept_from_elsewhere_leaves_nothing_out_that_waits(world: World) -> None:
    User.objects.filter(pk=world.dec.pk).update(
        notification_preferences={"tickets.waiting": {"mail": "none", "bell": False}}
    )
    ticket = new_ticket(world, "dec")
    say(world, "agent", ticket, "ask_client", "Quoi ?")
    assert mailed(world.dec, ticket) == ["tickets.opened", "tickets.waiting"]
    assert rung(world.dec, ticket) == ["tickets.opened"]


def test_each_side_chooses_among_its_own_kinds(world: World) -> None:
    for who, side in SIDES:
        chosen = [kind.key for kind, _wish, _mails in choices_page(world.person(who))]
        assert sorted(chosen) == sorted(key for key, sides in CHOSEN_BY.items() if side in sides), who


def test_every_kind_but_those_of_accounts_is_chosen_by_somebody() -> None:
    """And but the mail by which an administrator tries the server, and the one that refuses an answer by mail."""
    known = {kind.key for kind in kinds.all_kinds() if kind.mailed} - {"mailin.kept"}
    assert {key for key in known if not key.startswith(("accounts.", "vendor."))} == set(CHOSEN_BY)


def test_r8_the_bell_says_nothing_of_what_is_out_of_sight(world: World) -> None:
    ticket = new_ticket(world, "obs")
    say(world, "agent", ticket, "comment", "Bonjour")
    assert next(row.kind for row in bell(world.obs)) == "tickets.vendor_comment"
    projects.set_viewers(world.manager, project=world.project("A1"), keys={world.dec.key})
    assert not [row for row in bell(world.obs) if row.about == f"ticket:{ticket.reference}"]


def test_the_bell_asks_as_many_queries_whatever_it_says(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            bell(world.pm)
        return len(asked)

    first = cost()
    for number in range(5):
        new_ticket(world, title=f"Plus {number}")
    assert cost() == first


def test_who_follows_is_told_with_their_side_and_who_muted_only_what_waits(world: World, ticket: Ticket) -> None:
    set_following(world.obs, ticket=ticket, following="follow")
    set_following(world.admin, ticket=ticket, following="follow")
    set_following(world.pm, ticket=ticket, following="mute")
    before = mailed(world.pm, ticket)
    say(world, "agent", ticket, "comment", "Bonjour")
    say(world, "dec", ticket, "comment", "Merci")
    say(world, "agent", ticket, "ask_client", "Quoi ?")
    assert mailed(world.obs, ticket) == ["tickets.vendor_comment", "tickets.client_comment", "tickets.waiting"]
    assert mailed(world.admin, ticket) == ["tickets.vendor_comment", "tickets.client_comment"]
    assert mailed(world.pm, ticket) == [*before, "tickets.waiting"]
    set_following(world.pm, ticket=ticket, following="usual")
    say(world, "agent", ticket, "comment", "Encore")
    assert mailed(world.pm, ticket)[-1] == "tickets.vendor_comment"


def test_r5_following_gives_no_sight_and_a_lost_sight_is_told_nothing(world: World, ticket: Ticket) -> None:
    set_following(world.obs, ticket=ticket, following="follow")
    projects.set_viewers(world.manager, project=world.project("A1"), keys={world.dec.key})
    say(world, "agent", ticket, "comment", "Bonjour")
    assert mailed(world.obs, ticket) == rung(world.obs, ticket) == []
    for stranger in (world.out, world.buser, world.rd):
        with pytest.raises(NotVisible):
            set_following(stranger, ticket=ticket, following="follow")
    with pytest.raises(Invalid):
        set_following(world.dec, ticket=ticket, following="parfois")


def test_r11_a_follower_of_the_client_never_hears_of_the_team_s_own(world: World, ticket: Ticket) -> None:
    set_following(world.obs, ticket=ticket, following="follow")
    say(world, "agent", ticket, "start")
    before = mailed(world.obs, ticket)
    say(world, "agent", ticket, "hand_to_rd", "Pour la R&D")
    say(world, "agent", ticket, "note", f"@{world.support.full_name} à voir")
    assert mailed(world.obs, ticket) == before == ["tickets.taken"]


def test_r11_a_colleague_named_in_a_note_is_told_and_nobody_else(world: World, ticket: Ticket) -> None:
    before = OutgoingEmail.objects.count()
    say(world, "agent", ticket, "note", f"Un avis, @{world.support.full_name.lower()} ?")
    assert mailed(world.support, ticket) == rung(world.support, ticket) == ["tickets.mention"]
    assert OutgoingEmail.objects.count() == before + 1
    assert "note interne" in OutgoingEmail.objects.latest("id").text


@pytest.mark.parametrize("body", ["support@leni.example", "@Personne", "@", "nul", "@{name}s", "{name}"])
def test_a_text_that_names_nobody_tells_nobody(world: World, ticket: Ticket, body: str) -> None:
    say(world, "agent", ticket, "note", body.format(name=world.support.full_name))
    assert "tickets.mention" not in mailed(world.support, ticket)


def test_naming_oneself_a_client_or_who_is_told_anyway_tells_once(world: World, ticket: Ticket) -> None:
    names = " ".join(f"@{world.person(who).full_name}" for who in ("agent", "dec", "manager"))
    say(world, "agent", ticket, "comment", names)
    assert mailed(world.agent, ticket).count("tickets.mention") == 0
    assert mailed(world.dec, ticket) == ["tickets.opened", "tickets.vendor_comment"]
    assert mailed(world.manager, ticket) == ["tickets.opened", "tickets.vendor_comment"]


def test_a_client_names_nobody_and_rd_is_named_only_on_what_it_sees(world: World, ticket: Ticket) -> None:
    say(world, "dec", ticket, "comment", f"@{world.support.full_name}")
    assert "tickets.mention" not in mailed(world.support, ticket)
    say(world, "agent", ticket, "note", f"@{world.rd.full_name} ?")
    assert mailed(world.rd, ticket) == []
    say(world, "agent", ticket, "start")
    say(world, "agent", ticket, "hand_to_rd")
    say(world, "agent", ticket, "note", f"@{world.rd.full_name} ?")
    assert mailed(world.rd, ticket) == ["tickets.rd", "tickets.mention"]


@pytest.mark.parametrize("who", ["manager", "agent", "support", "rd", "admin", "norole"])
@pytest.mark.parametrize("handed", [False, True])
@pytest.mark.parametrize("active", [False, True])
def test_r1_the_team_s_sight_of_one_ticket_is_that_of_the_list(
    world: World, ticket: Ticket, who: str, handed: bool, active: bool
) -> None:
    say(world, "agent", ticket, "start")
    if handed:
        say(world, "agent", ticket, "hand_to_rd")
    person, current = world.person(who), Ticket.objects.get(pk=ticket.pk)
    person.active = active
    assert team_sees(person, current) is tickets_for(person).filter(pk=ticket.pk).exists()


def test_a_muted_ticket_still_tells_who_is_named(world: World, ticket: Ticket) -> None:
    set_following(world.manager, ticket=ticket, following="mute")
    say(world, "agent", ticket, "comment", f"@{world.manager.full_name} ?")
    assert mailed(world.manager, ticket) == ["tickets.opened", "tickets.mention"]


def test_words_prepared_for_a_batch_tell_who_they_name(world: World, ticket: Ticket) -> None:
    ticket.project.by_batch = True
    ticket.project.save(update_fields=["by_batch"])
    say(world, "agent", ticket, "start")
    say(world, "agent", ticket, "process", f"Fait, @{world.support.full_name}")
    assert mailed(world.support, ticket) == ["tickets.mention"]


def test_the_rows_speak_for_themselves_in_a_log(world: World, ticket: Ticket) -> None:
    set_following(world.dec, ticket=ticket, following="mute")
    assert str(TicketFollow.objects.get(ticket=ticket)) == f"{world.dec.pk} on {ticket.pk}"
    rung = Notification.objects.filter(recipient_key=world.dec.key).latest("id")
    assert str(rung) == f"tickets.opened to {world.dec.key}"


def test_seen_is_seen_and_old_ones_go(world: World, ticket: Ticket) -> None:
    mark_notifications_seen(world.dec)
    assert not Notification.objects.filter(recipient_key=world.dec.key, seen_at=None).exists()
    assert Notification.objects.filter(recipient_key=world.pm.key, seen_at=None).exists()
    Notification.objects.update(created_at=clock.ago(days=400))
    maintenance.remove_notifications(365)
    assert not Notification.objects.exists()


def test_r130_an_erased_person_leaves_no_notification(world: World, ticket: Ticket) -> None:
    set_following(world.dec, ticket=ticket, following="mute")
    say(world, "dec", ticket, "comment", "Bonjour")
    name = world.dec.full_name
    set_contact_active(world.admin, person=world.dec, active=False)
    key = world.dec.key
    erase_person(world.admin, person=world.dec)
    assert not Notification.objects.filter(recipient_key=key).exists()
    assert not Notification.objects.filter(title__contains=name).exists()
