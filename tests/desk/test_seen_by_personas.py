"""What people who lived in the desk found, each once."""

import pytest

from calypso.accounts.actions.people import Identity, add_staff, change_contact
from calypso.accounts.capabilities import Role
from calypso.base.errors import Invalid
from calypso.outbox.models import OutgoingEmail
from tests.pages import fill, form, words
from tests.world import World, new_ticket


def test_an_order_leads_back_to_the_list_that_it_came_from(browser, world: World) -> None:
    opened, ticket = browser("manager"), new_ticket(world)
    here = "/equipe/?etat=new&q=sujet"
    asked = fill(form(opened.get(here), "/equipe/lot/"), ref=ticket.reference, act="retain")
    page = opened.post("/equipe/lot/", asked)
    assert page.text.count('href="/equipe/?etat=new&amp;q=sujet"') == 2
    assert '<option value="">Choisir…</option>' in page.text, "one click does not lower a hundred tickets"
    ordered = fill(form(page, "/equipe/lot/"), priority="1", reason="Vu au téléphone")
    done = opened.post("/equipe/lot/", ordered, follow=True)
    assert 'href="/equipe/?etat=new&amp;q=sujet"' in done.text
    foreign = opened.post("/equipe/lot/", {**asked, "retour": "https://ailleurs.example/"})
    assert "ailleurs.example" not in foreign.text


def test_taking_a_colleague_s_ticket_is_asked_first(browser, world: World) -> None:
    ticket = new_ticket(world)
    page = f"/equipe/tickets/{ticket.reference}/"
    free = browser("agent").get(page)
    assert "Le prendre ?" not in free.text
    browser("manager").post(f"{page}affecter/", fill(form(free, f"{page}envoyer/"), take="1"))
    assert "a ce ticket. Le prendre" in browser("agent").get(page).text


@pytest.mark.parametrize("phone", ["abc", "abc <script>", "12", "123 <b>", "léa@alpha.example 123"])
def test_c4_a_telephone_is_a_number(phone: str, world: World) -> None:
    names = ("email", "first_name", "last_name", "civility", "locale")
    identity = Identity(**{name: getattr(world.dec, name) for name in names}, phone=phone)
    with pytest.raises(Invalid) as refusal:
        change_contact(world.agent, person=world.dec, identity=identity)
    assert "phone" in refusal.value.errors


@pytest.mark.parametrize(
    "phone",
    ["", "01 23 45 67 89", "+33 (0)1.23.45.67.89", "01 23 45 67 89 poste 12", "3615", "01 23 45 67 89 (standard)"],
)
def test_telephones_as_people_write_them(phone: str, world: World) -> None:
    names = ("email", "first_name", "last_name", "civility", "locale")
    identity = Identity(**{name: getattr(world.dec, name) for name in names}, phone=phone)
    change_contact(world.agent, person=world.dec, identity=identity)
    world.dec.refresh_from_db()
    assert world.dec.phone == phone


def test_a_member_is_invited_with_a_role_in_words_of_the_team(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        add_staff(world.admin, identity=Identity("ivan@leni.example", "Ivan", "N"), roles=[])
    assert "roles" in refusal.value.errors
    add_staff(world.admin, identity=Identity("ivan@leni.example", "Ivan", "N"), roles=[Role.AGENT])
    mail = OutgoingEmail.objects.latest("id")
    assert "Vous rejoignez l’équipe Léni" in mail.text
    assert "déclarerez" not in mail.html


def test_who_never_signed_in_is_invited_again_at_the_corrected_address(browser, world: World) -> None:
    person = add_staff(world.admin, identity=Identity("ivan@leni.example", "Ivan", "N"), roles=[Role.AGENT])
    change_contact(world.admin, person=person, identity=Identity("yvan@leni.example", "Ivan", "N"))
    invited = OutgoingEmail.objects.filter(kind="accounts.invitation").latest("id")
    assert invited.recipient == "yvan@leni.example"
    seen = OutgoingEmail.objects.count()
    change_contact(world.admin, person=world.dec, identity=Identity("dec2@alpha.example", "Denis", "ECLUSE"))
    assert not OutgoingEmail.objects.filter(kind="accounts.invitation", recipient="dec2@alpha.example").exists()
    assert OutgoingEmail.objects.count() > seen


def test_the_address_of_a_refused_form_opens_its_page(browser, world: World) -> None:
    opened, member = browser("admin"), f"/equipe/membres/{world.agent.key}/"
    for path, page in (
        (f"{member}identite/", member),
        ("/equipe/reglages/logo/", "/equipe/reglages/"),
        (
            f"/equipe/tickets/{world.ticket('A1').reference}/envoyer/",
            f"/equipe/tickets/{world.ticket('A1').reference}/",
        ),
    ):
        assert opened.get(path)["Location"] == page
    assert opened.get("/equipe/reglages/inconnu/").status_code == 404
    assert opened.get("/deconnexion/").status_code == 405


def test_a_mail_s_page_says_its_subject(browser, world: World) -> None:
    ticket = new_ticket(world, title="Le plan du hall 4")
    mail = OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}").first()
    assert f"[{ticket.reference}] Le plan du hall 4" in words(browser("admin").get(f"/equipe/courriers/{mail.key}/"))


def test_the_board_offers_no_column_that_it_has_not(browser, world: World) -> None:
    opened = browser("manager")
    assert opened.get("/equipe/tableau/?etat=closed&q=mots")["Location"] == "/equipe/?etat=closed&q=mots"
    page = opened.get("/equipe/tableau/?etat=new&etat=closed")
    assert page.status_code == 200
    assert 'name="etat" value="new"' in page.text
    assert 'name="etat" value="closed"' not in page.text


@pytest.mark.parametrize("page", ["/notifications/", "/profil/", "/profil/notifications/"])
def test_the_desk_stays_around_what_everybody_has(page: str, browser, world: World) -> None:
    seen = browser("agent").get(page).text
    assert 'id="palette"' in seen
    assert 'href="/equipe/?intervenant=moi"' in seen
    assert 'href="/equipe/' not in browser("dec").get(page).text


def test_what_comes_too_late_leads_back_to_its_ticket(browser, world: World) -> None:
    ticket = new_ticket(world)
    late = browser("dec").post(f"/tickets/{ticket.reference}/reprendre/")
    assert late.status_code == 409
    assert f'href="/tickets/{ticket.reference}/"' in late.text
