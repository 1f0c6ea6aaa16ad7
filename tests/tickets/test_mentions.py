"""Whom the words of a colleague name, with « @ »: a person or a whole team, never beyond their sight (R8, R11)."""

import pytest

from calypso.accounts.actions.teams import save_team
from calypso.accounts.models import User
from calypso.base import clock
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.tickets.models import Ticket
from tests.world import World, new_ticket, say


def named() -> list[str]:
    """Whom a mention was mailed to; the bell must have rung for the same."""
    mails = OutgoingEmail.objects.filter(kind="tickets.mention")
    rung = Notification.objects.filter(kind="tickets.mention")
    assert sorted(mails.values_list("recipient_key")) == sorted(rung.values_list("recipient_key"))
    return sorted(mail.recipient.partition("@")[0] for mail in mails)


@pytest.fixture
def ticket(world: World) -> Ticket:
    """A ticket that R&D was never handed."""
    return say(world, "agent", new_ticket(world), "start")


@pytest.fixture
def teams(world: World) -> None:
    save_team(world.admin, name="Nuit", members={world.support.key, world.rd.key})
    save_team(world.admin, name="Jour", members={world.admin.key})


SAYS = ["note", "comment", "process", "ask_client"]


@pytest.mark.parametrize("act", SAYS)
@pytest.mark.parametrize("handed", [False, True])
def test_r8_naming_rd_hands_nothing_over(act: str, handed: bool, world: World, ticket: Ticket) -> None:
    if handed:
        Ticket.objects.filter(pk=ticket.pk).update(handed_to_rd_at=clock.now())
    say(world, "agent", ticket, act, "@Rd STAFF, @Support STAFF et @Norbert ROLE, un avis ?")
    assert named() == (["rd", "support"] if handed else ["support"])
    assert (Ticket.objects.get(pk=ticket.pk).handed_to_rd_at is not None) is handed


@pytest.mark.parametrize("act", SAYS)
def test_r11_naming_clients_is_never_a_mention(act: str, world: World, ticket: Ticket) -> None:
    """A colleague of the declarant, who sees the project; one who does not; one of another company."""
    say(world, "agent", ticket, act, "@Denis ECLUSE @Odile BSAINT @Oscar UTILE @Basile USUEL @Support STAFF")
    assert named() == ["support"]


@pytest.mark.parametrize("act", SAYS)
@pytest.mark.parametrize(
    "words, names",
    [
        ("@Nuit", ["support"]),
        ("@nuit, un avis ?", ["support"]),
        ("@NUIT @Jour", ["admin", "support"]),
        ("@Jour", ["admin"]),
        ("@Jour @Ada ADMIN", ["admin"]),
        ("@Nuits", []),
        ("Nuit", []),
        ("@Nui", []),
        ("@Soir", []),
    ],
)
def test_a_team_is_named_by_its_own_name_and_tells_its_members_who_see_the_ticket(
    act: str, words: str, names: list[str], world: World, ticket: Ticket, teams: None
) -> None:
    say(world, "agent", ticket, act, words)
    assert named() == names


def test_a_team_named_on_a_ticket_handed_to_rd_tells_rd_too(world: World, ticket: Ticket, teams: None) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(handed_to_rd_at=clock.now())
    say(world, "agent", ticket, "note", "@Nuit")
    assert named() == ["rd", "support"]


@pytest.mark.parametrize("words", ["@Support STAFF @Ada ADMIN", "@Nuit @Jour"])
@pytest.mark.parametrize("act", SAYS)
def test_whose_account_is_closed_is_not_told_of_their_name(
    act: str, words: str, world: World, ticket: Ticket, teams: None
) -> None:
    User.objects.filter(pk=world.support.pk).update(active=False)
    say(world, "agent", ticket, act, words)
    assert named() == ["admin"]


def test_a_team_of_the_author_tells_the_others(world: World, ticket: Ticket) -> None:
    save_team(world.admin, name="Nuit", members={world.agent.key, world.support.key})
    say(world, "agent", ticket, "note", "@Nuit @Agent STAFF")
    assert named() == ["support"]


def test_only_those_who_see_the_ticket_are_offered(browser, world: World) -> None:
    """R&D sees what was handed to it: named elsewhere, it would not be told."""
    ticket = say(world, "agent", new_ticket(world), "start")
    opened, path = browser("agent"), f"/equipe/collegues/?ticket={ticket.reference}"
    assert world.rd.full_name not in opened.get(path).json()["names"]
    assert world.support.full_name in opened.get(path).json()["names"]
    say(world, "agent", ticket, "hand_to_rd", "À voir.")
    assert world.rd.full_name in opened.get(path).json()["names"]
    assert opened.get("/equipe/collegues/?ticket=INCONNU").status_code == 404
