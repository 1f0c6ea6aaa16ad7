"""What comes back: the state of the mail, the address to which nothing more is sent, the way back (R78)."""

from collections.abc import Callable
from typing import Any

import pytest

from calypso.accounts.actions.erasing import erase_person
from calypso.accounts.models import User
from calypso.outbox import bounces, delivery
from calypso.outbox.models import DeadAddress, OutgoingEmail
from tests.smtp import SmtpServer
from tests.world import World, address, drop_waiting, say

GONE = "5.1.1 smtp; 550 5.1.1 User unknown"


@pytest.fixture
def sent(world: World, smtp: SmtpServer, settings: Any) -> OutgoingEmail:
    """A mail to dec that the server took."""
    settings.MAILERS = smtp.mailers
    drop_waiting()
    say(world, "agent", world.ticket("A1"), "comment", "Un point")
    delivery.deliver()
    return OutgoingEmail.objects.get(recipient=address("dec"), state="sent")


def state_of(email: OutgoingEmail) -> str:
    return OutgoingEmail.objects.get(pk=email.pk).state


class TestBounce:
    def test_a_mail_that_comes_back_says_so_and_its_address_gets_nothing_more(
        self, world: World, sent: OutgoingEmail, smtp: SmtpServer
    ) -> None:
        assert bounces.record_bounce(sent.key, GONE) == sent
        row = OutgoingEmail.objects.get(pk=sent.pk)
        assert (row.state, row.error, row.bounced_at is not None) == ("bounced", GONE, True)
        say(world, "agent", world.ticket("A1"), "comment", "Encore")
        delivery.deliver()
        assert len(smtp.to(address("dec"))) == 1
        dropped = OutgoingEmail.objects.filter(recipient=address("dec")).latest("id")
        assert (dropped.state, "n'existe plus" in dropped.error) == ("dropped", True)

    def test_a_refusal_of_the_message_leaves_the_address_alone(self, sent: OutgoingEmail) -> None:
        bounces.record_bounce(sent.key, "5.7.1 smtp; 554 rejected by policy")
        assert (state_of(sent), bounces.is_dead(sent.recipient)) == ("bounced", False)

    def test_a_report_on_no_mail_of_ours_is_nothing(self, sent: OutgoingEmail) -> None:
        OutgoingEmail.objects.filter(pk=sent.pk).update(state="waiting", sent_at=None)
        assert bounces.record_bounce(sent.key, GONE) is None
        assert bounces.record_bounce("0" * 32, GONE) is None
        assert not DeadAddress.objects.exists()

    def test_the_same_report_twice_is_one(self, sent: OutgoingEmail) -> None:
        for _time in range(2):
            bounces.record_bounce(sent.key, GONE)
        assert str(DeadAddress.objects.get()) == address("dec")

    @pytest.mark.parametrize(
        "answer,dead", [("550 5.1.1 No such user", True), ("550 5.7.1 refused", False), ("450 4.2.1 later", False)]
    )
    def test_a_server_that_says_it_at_once_is_believed_too(
        self, world: World, smtp: SmtpServer, settings: Any, answer: str, dead: bool
    ) -> None:
        settings.MAILERS = smtp.mailers
        smtp.refuse[address("dec")] = answer
        drop_waiting()
        say(world, "agent", world.ticket("A1"), "comment", "Un point")
        delivery.deliver()
        assert bounces.is_dead(address("dec")) is dead

    def test_who_asks_for_a_link_is_written_to_all_the_same(
        self, world: World, smtp: SmtpServer, settings: Any
    ) -> None:
        from django.db import transaction

        from calypso.accounts.notices import link_asked

        settings.MAILERS = smtp.mailers
        drop_waiting()
        bounces.bury(address("dec"), GONE)
        with transaction.atomic():
            link_asked(world.dec, "demande")
        delivery.deliver()
        assert len(smtp.to(address("dec"))) == 1


class TestWayBack:
    def test_the_contact_says_why_and_the_address_is_tried_again(
        self, world: World, sent: OutgoingEmail, browser: Callable[..., Any]
    ) -> None:
        bounces.record_bounce(sent.key, GONE)
        page = f"/equipe/contacts/{world.dec.key}/"
        agent = browser("agent")
        assert "User unknown" in agent.get(page).content.decode()
        assert agent.post(f"{page}adresse/").status_code == 302
        assert "User unknown" not in agent.get(page).content.decode()
        assert not bounces.is_dead(sent.recipient)
        assert "Adresse réessayée" in browser("manager").get(f"{page}historique/").content.decode()

    def test_the_mail_is_sent_again_by_hand(
        self, sent: OutgoingEmail, browser: Callable[..., Any], smtp: SmtpServer
    ) -> None:
        bounces.record_bounce(sent.key, "5.7.1 refused")
        manager = browser("manager")
        assert "Revenu le" in manager.get(f"/equipe/courriers/{sent.key}/").content.decode()
        manager.post(f"/equipe/courriers/{sent.key}/relancer/")
        delivery.deliver()
        assert (state_of(sent), len(smtp.to(sent.recipient))) == ("sent", 2)

    def test_r130_it_goes_with_an_erased_person(self, world: World, sent: OutgoingEmail) -> None:
        bounces.record_bounce(sent.key, GONE)
        User.objects.filter(pk=world.dec.pk).update(active=False)
        erase_person(world.admin, person=world.dec)
        assert not DeadAddress.objects.exists()
