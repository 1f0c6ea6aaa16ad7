"""Forms sent after the session or its protection ended (C8, R120)."""

import re
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F

from calypso.accounts.models import User
from calypso.tickets.models import Draft
from tests.files import PNG
from tests.pages import fill, form, in_order, words
from tests.portal.test_ticket import composer
from tests.world import World, new_ticket


def upload(name: str = "a.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class TestExpiredSession:
    """Nothing typed is lost when the session ends before the form is sent (C8, R120)."""

    def test_r120_the_text_and_files_come_back_after_sign_in(self, browser, world: World) -> None:
        from tests.world import PASSWORD

        opened, ticket = browser("dec"), new_ticket(world)
        path, fields = composer(opened, ticket)
        opened.logout()
        away = opened.post(
            path, {**fill(fields, act="comment", body="Dix minutes de travail"), "attachments": [upload("travail.png")]}
        )
        assert away.status_code == 302
        assert away["Location"].startswith("/connexion/?next=")
        to = re.search(r'name="next" value="([^"]+)"', opened.get(away["Location"]).content.decode())
        assert to is not None
        back = opened.post(
            "/connexion/", {"email": "dec@alpha.example", "password": PASSWORD, "next": to[1].replace("&amp;", "&")}
        )
        page = opened.get(back["Location"])
        assert form(page, path)["body"] == ["Dix minutes de travail"]
        assert "travail.png" in words(page)
        assert 'id="composer" open' in page.content.decode()

    def test_r120_only_the_same_account_finds_it(self, browser, world: World) -> None:
        opened, ticket = browser("dec"), new_ticket(world)
        path, fields = composer(opened, ticket)
        opened.logout()
        away = opened.post(path, fill(fields, act="comment", body="À moi seul"))
        back = away["Location"].split("next=")[1].replace("%3F", "?").replace("%3D", "=").replace("%2F", "/")
        page = browser("obs").get(back)
        assert "À moi seul" not in page.content.decode()

    def test_r120_a_new_ticket_comes_back_too(self, browser, world: World) -> None:
        opened, path = browser("dec"), f"/projets/{world.project('A1').key}/tickets/nouveau/"
        fields = form(opened.get(path), path)
        opened.logout()
        away = opened.post(path, fill(fields, title="Commencé", priority="4", context="Vite"))
        assert away.status_code == 302
        key = fields["cle"][0]
        page = browser("dec").get(f"{path}?brouillon={key}")
        kept = form(page, path)
        assert (kept["title"], kept["priority"], kept["context"]) == (["Commencé"], ["4"], ["Vite"])

    @pytest.mark.parametrize(
        "changes",
        [
            {"compte": "forge:abc"},
            {"compte": ""},
            {"retour": "https://evil.example/"},
            {"cle": "../../x"},
            {"forme": "autre"},
        ],
    )
    def test_r68_a_forged_form_keeps_nothing(self, changes: dict[str, str], browser, world: World) -> None:
        opened, ticket = browser("dec"), new_ticket(world)
        path, fields = composer(opened, ticket)
        opened.logout()
        away = opened.post(path, fill(fields, act="comment", body="x", **changes))
        assert away["Location"] == "/connexion/"
        assert not Draft.objects.filter(owner=world.dec, fields__body="x").exists()

    def test_r120_what_is_typed_and_attached_after_the_session_is_kept_for_its_account(
        self, browser, world: World, settings
    ) -> None:
        settings.COMMENT_FILES = 1
        opened, ticket = browser("dec"), new_ticket(world)
        _path, fields = composer(opened, ticket)
        key = fields["cle"][0]
        typed = fill(fields, body="Après la session")
        for somebody, taken in ((browser(), 200), (browser("obs"), 422)):
            kept = somebody.post(f"/brouillons/comment/{key}/texte/", typed)
            assert kept.status_code == 401
            assert "Votre session a pris fin" in words(kept)
            file = somebody.post(
                f"/brouillons/comment/{key}/fichiers/",
                {"compte": fields["compte"], "attachments": [upload("tard.png")]},
            )
            assert (file.status_code, "tard.png" in file.text) == (taken, True)
        draft = Draft.objects.get(key=key)
        assert (draft.owner, draft.fields["body"]) == (world.dec, "Après la session")

    def test_r120_another_account_signed_in_meanwhile_is_told_whose_the_words_are(self, browser, world: World) -> None:
        opened, ticket = browser("dec", enforce_csrf_checks=True), new_ticket(world)
        path, fields = composer(opened, ticket)
        opened.sign_in(world.pm)
        answer = opened.post(path, fill(fields, act="comment", body="Du déclarant", csrfmiddlewaretoken="perime"))
        page = opened.get(answer["Location"])
        assert "Un autre compte est connecté ici" in words(page)
        assert "Du déclarant" not in page.text
        assert Draft.objects.get(key=fields["cle"][0]).owner == world.dec

    @pytest.mark.parametrize("compte", ["", "forge:abc"])
    def test_r68_nobody_s_text_is_kept_for_nobody(self, compte: str, browser, world: World) -> None:
        typed = {"body": "x", "compte": compte}
        assert browser().post("/brouillons/comment/cle1/texte/", typed).status_code == 401
        assert (
            browser().post("/brouillons/comment/cle1/fichiers/", {**typed, "attachments": [upload()]}).status_code
            == 401
        )
        assert not Draft.objects.filter(key="cle1").exists()

    def test_r68_a_form_of_before_a_change_of_password_keeps_nothing(self, browser, world: World) -> None:
        opened, ticket = browser("dec"), new_ticket(world)
        _path, fields = composer(opened, ticket)
        User.objects.filter(pk=world.dec.pk).update(stamp=F("stamp") + 1)
        assert (
            browser().post(f"/brouillons/comment/{fields['cle'][0]}/texte/", fill(fields, body="x")).status_code == 401
        )
        assert not Draft.objects.filter(key=fields["cle"][0]).exists()

    def test_who_is_signed_out_comes_back_where_they_were(self, browser, world: World) -> None:
        """A part that is asked leads the whole page to sign-in, and back; what a page asks by itself leads nowhere."""
        path = f"/tickets/{world.ticket('A1').reference}/"
        asked = browser().post(f"{path}suivi/", headers={"HX-Request": "true", "HX-Current-URL": f"http://x{path}?a=1"})
        assert asked["HX-Redirect"] == f"/connexion/?next={path.replace('/', '%2F')}"
        quiet = browser().get(path, headers={"X-Calypso-Live": "1"})
        assert (quiet.status_code, "HX-Redirect" in quiet, "Location" in quiet) == (401, False, False)

    @pytest.mark.parametrize("address", ["http://[::1", "http://x[/", "//[", "http://x/\u2028"])
    def test_r58_an_address_that_is_none_leads_nowhere(self, address: str, browser) -> None:
        for headers in ({"HX-Request": "true", "HX-Current-URL": address}, {"Referer": address}):
            answer = browser().post("/profil/", {"x": "y"}, headers=headers)
            assert answer.status_code in (302, 401)
            assert (answer.get("HX-Redirect") or answer["Location"]) == "/connexion/"

    def test_r120_an_expired_protection_keeps_the_text(self, browser, world: World) -> None:
        opened, ticket = browser("dec", enforce_csrf_checks=True), new_ticket(world)
        path, fields = composer(opened, ticket)
        answer = opened.post(path, fill(fields, act="comment", body="Tapé", csrfmiddlewaretoken="perime"))
        assert answer.status_code == 302
        assert form(opened.get(answer["Location"]), path)["body"] == ["Tapé"]
        bare = opened.post(path, {"act": "comment", "body": "Tapé"})
        assert bare.status_code == 403
        assert opened.post(path).status_code == 400
        forged = opened.post(path, fill(fields, compte="faux", csrfmiddlewaretoken="perime"))
        assert forged.status_code == 403


class TestNothingDone:
    """A form without words that met the end of a session, or of its protection, says that nothing was done."""

    def test_after_signing_in_again_the_page_says_that_nothing_was_done(self, browser, world: World) -> None:
        opened, path = browser("admin"), f"/equipe/membres/{world.agent.key}/"
        fields = form(opened.get(path), "")
        opened.logout()
        answer = opened.post(path, fields, HTTP_REFERER=f"http://testserver{path}")
        assert answer["Location"] == f"/connexion/?next={quote(f'{path}?fait=rien-fait', safe='')}"
        assert "rien n'a été fait. Recommencez." in words(browser("admin").get(f"{path}?fait=rien-fait"))

    def test_r38_a_page_from_before_another_sign_in_says_that_it_expired(self, browser, world: World) -> None:
        opened, path = browser("admin", enforce_csrf_checks=True), f"/equipe/membres/{world.agent.key}/"
        opened.get(path)
        answer = opened.post(path, {"roles": ["rd"], "csrfmiddlewaretoken": "perime"})
        assert answer.status_code == 403
        assert in_order(answer, "Cette page a expiré", "Rien n'a été fait : rechargez la page, puis recommencez.")
        assert "ne permet pas" not in words(answer)
