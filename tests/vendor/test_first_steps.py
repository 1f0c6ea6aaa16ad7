"""The first hour: what is left to do on an empty installation, and the trial of the mail server."""

import re

import pytest

from calypso.accounts.actions.people import Identity, change_contact
from calypso.accounts.capabilities import Role
from calypso.accounts.models import User
from calypso.base.errors import Forbidden, NotVisible
from calypso.outbox import kinds
from calypso.outbox.models import OutgoingEmail
from calypso.teamwork.queries.first_steps import StepName, first_steps
from calypso.vendor.actions.choices import save_choices, send_test_mail
from calypso.vendor.actions.texts import save_text
from calypso.vendor.texts import Name
from tests.pages import fill, form, words
from tests.world import World

NAMES = {"vendor": "Orvault", "support": "aide@orvault.example"}


def test_each_step_is_done_when_it_is(browser, world: World, settings) -> None:
    state = dict(first_steps(world.admin).steps)
    assert state == {
        StepName.NAMES: False,
        StepName.MAIL: False,
        StepName.LEGAL: False,
        StepName.TEAM: True,
        StepName.COMPANY: True,
        StepName.CONTACTS: True,
        StepName.PROJECT: True,
        StepName.LEVELS: True,  # those of the start
        StepName.TICKET: True,
    }
    save_choices(world.admin, values=NAMES)
    save_text(world.admin, name=Name.LEGAL, texts={"fr": "Orvault SAS", "en": "Orvault Ltd"})
    send_test_mail(world.admin)
    settings.MAIL_FROM_GIVEN = True
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    opened = browser("admin")
    page = opened.get("/equipe/premiers-pas/")
    assert "Aucun serveur de mail" not in words(page)
    assert 'hx-trigger="load delay:2s"' in page.text
    part = opened.get("/equipe/premiers-pas/", headers={"HX-Request": "true", "HX-Target": "pas"})
    assert "Essayer les e-mails" in words(part)
    assert "<html" not in part.text
    mail = OutgoingEmail.objects.get(kind="vendor.test")
    OutgoingEmail.objects.filter(pk=mail.pk).update(state="failed", error="550 Boîte inconnue")
    assert "550 Boîte inconnue" in words(opened.get("/equipe/premiers-pas/"))
    OutgoingEmail.objects.filter(pk=mail.pk).update(state="sent", sent_at=mail.created_at)
    assert all(done for _step, done in first_steps(world.admin).steps)
    assert "9 sur 9" in words(opened.get("/equipe/premiers-pas/"))
    assert "L'installation est vide." not in words(opened.get("/equipe/?q=introuvable"))


def test_the_trial_is_a_mail_to_oneself(browser, world: World) -> None:
    sent = browser("admin").post("/equipe/premiers-pas/essai/")
    assert sent["Location"] == "/equipe/premiers-pas/?fait=essai-attend"
    (mail,) = OutgoingEmail.objects.filter(kind="vendor.test")
    assert (mail.recipient, mail.title) == (world.admin.email, "Calypso\u202f: le serveur de mail fonctionne")
    assert "les e-mails de l’extranet partent" in mail.text


@pytest.mark.parametrize("who, error", [("manager", Forbidden), ("rd", Forbidden), ("dec", NotVisible)])
def test_r1_the_first_steps_are_an_administrator_s(who: str, error: type[Exception], world: World) -> None:
    with pytest.raises(error):
        first_steps(world.person(who))
    with pytest.raises(error):
        send_test_mail(world.person(who))


def test_a_member_s_name_and_address_are_corrected_by_an_administrator(browser, world: World) -> None:
    opened, page = browser("admin"), f"/equipe/membres/{world.agent.key}/"
    fields = fill(form(opened.get(page), f"{page}identite/"), first_name="Agathe", email="agathe@leni.example")
    refused = opened.post(f"{page}identite/", {**fields, "email": "non"})
    assert refused.status_code == 422
    assert re.search(r'value="non"', refused.text)
    saved = opened.post(f"{page}identite/", fields)
    assert saved["Location"] == f"{page}?fait=enregistre"
    member = User.objects.get(first_name="Agathe")
    assert member.email == "agathe@leni.example"
    assert Role.AGENT in member.roles
    assert OutgoingEmail.objects.filter(kind="accounts.email_changed").exists()
    with pytest.raises(Forbidden):
        change_contact(world.manager, person=member, identity=Identity("x@leni.example", "X", "Y"))


def test_r102_a_member_corrected_in_two_windows(browser, world: World) -> None:
    opened, page = browser("admin"), f"/equipe/membres/{world.agent.key}/"
    stale = fill(form(opened.get(page), f"{page}identite/"), last_name="Un")
    opened.post(f"{page}identite/", {**stale, "last_name": "Deux"})
    assert opened.post(f"{page}identite/", stale).status_code == 409


def test_r77_the_trial_is_for_an_account_that_is_there(world: World) -> None:
    send_test_mail(world.admin)
    mail = OutgoingEmail.objects.get(kind="vendor.test")
    assert kinds.get("vendor.test").still_owed(mail.envelope)
    User.objects.filter(pk=world.admin.pk).update(active=False)
    assert not kinds.get("vendor.test").still_owed(mail.envelope)
