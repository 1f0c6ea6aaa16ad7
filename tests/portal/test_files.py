"""Files on the portal: downloaded after a check, uploaded one by one (R62–R68)."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calypso.tickets.models import Attachment, Draft
from tests.files import JPEG, PDF, PNG
from tests.pages import fill, form, in_order, words
from tests.portal.test_ticket import composer
from tests.world import World, new_ticket, say


def upload(name: str = "a.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class TestDownloads:
    def test_r63_headers_make_any_content_inert(self, browser, world: World) -> None:
        file = Attachment.objects.get(ticket=world.ticket("A1"), event__internal=False)
        answer = browser("dec").get(f"/tickets/{world.ticket('A1').reference}/fichiers/{file.key}/")
        assert b"".join(answer.streaming_content) == PNG
        assert answer["Content-Disposition"] == f'attachment; filename="{file.name}"'
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"

    def test_r63_names_follow_the_standard(self, browser, world: World) -> None:
        from tests.world import upload as keep

        ticket = new_ticket(world)
        say(
            world,
            "dec",
            ticket,
            "comment",
            "x",
            form_key=keep(world.dec, "accents", Draft.Purpose.COMMENT, "été à deux.png"),
        )
        file = Attachment.objects.get(ticket=ticket)
        answer = browser("dec").get(f"/tickets/{ticket.reference}/fichiers/{file.key}/")
        assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9t%C3%A9%20%C3%A0%20deux.png"

    def test_r11_an_internal_file_is_the_team_s(self, browser, world: World) -> None:
        ticket = world.ticket("A1")
        file = Attachment.objects.get(ticket=ticket, event__internal=True)
        path = f"/tickets/{ticket.reference}/fichiers/{file.key}/"
        assert browser("dec").get(path).status_code == 404
        assert browser("agent").get(path).status_code == 200

    def test_r75_r62_a_link_goes_through_sign_in(self, browser, world: World) -> None:
        file = Attachment.objects.get(ticket=world.ticket("A1"), event__internal=False)
        path = f"/tickets/{world.ticket('A1').reference}/fichiers/{file.key}/"
        assert browser().get(path)["Location"].startswith("/connexion/")
        assert browser("bpm").get(path).status_code == 404

    def test_r149_a_file_that_the_disk_lost_leaves_the_ticket_readable(self, browser, world: World) -> None:
        from calypso.base import files
        from tests.world import upload as keep

        ticket = new_ticket(world)
        say(world, "dec", ticket, "comment", "x", form_key=keep(world.dec, "perdu", Draft.Purpose.COMMENT, "perdu.png"))
        file = Attachment.objects.get(ticket=ticket)
        files.remove(file.stored)
        opened = browser("dec")
        assert opened.get(f"/tickets/{ticket.reference}/fichiers/{file.key}/").status_code == 404
        assert opened.get(f"/tickets/{ticket.reference}/").status_code == 200

    def test_the_sheet_of_a_closed_ticket_lists_the_files_of_its_comments(self, browser, world: World) -> None:
        from tests.world import upload as keep

        ticket = new_ticket(world)
        key = keep(world.dec, "fiche", Draft.Purpose.COMMENT, "preuve.png")
        say(world, "dec", ticket, "comment", "Voici", form_key=key)
        say(world, "pm", ticket, "close", "Merci.")
        page = browser("dec").get(f"/tickets/{ticket.reference}/")
        assert in_order(page, "Pièce(s) jointe(s)", "preuve.png", "Informations générales")
        assert "Il n'y a pas de pièce jointe" not in words(page)


class TestDraftFiles:
    PATH = "/brouillons/opening/formulaire/fichiers/"

    @pytest.mark.checklist("S64")
    def test_files_come_one_after_the_other_and_leave(self, browser, world: World) -> None:
        opened = browser("dec")
        opened.post(self.PATH, {"attachments": upload("un.png")})
        listed = opened.post(self.PATH, {"attachments": upload("deux.pdf", PDF)})
        assert in_order(listed, "un.png", "deux.pdf")
        key = re.search(r'value="(\w+)" data-remove="([^"]+)"', listed.content.decode())
        assert key is not None
        assert "un.png" not in words(opened.post(key[2]))

    @pytest.mark.parametrize("who, page", [("dec", "/tickets/{}/"), ("agent", "/equipe/tickets/{}/")])
    def test_r65_what_is_sent_comes_back_to_the_byte(self, who: str, page: str, browser, world: World) -> None:
        """Five files of one comment, from both sides, sent with it as a browser without script does."""
        sent = {
            "IMG_0413.HEIC": (JPEG + bytes(range(256)) * 400, "image/jpeg"),
            "capture d'écran.jpg": (PNG, "image/png"),
            "journal.log": ("\ufeffdémarré\r\n".encode("utf-16-le"), "text/plain"),
            "logo.svg": (b"<svg/>", "application/octet-stream"),
            "archive.7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "application/x-7z-compressed"),
        }
        ticket = new_ticket(world)
        opened, path = browser(who), page.format(ticket.reference)
        action = f"{path}envoyer/"
        files = [upload(name, content) for name, (content, _) in sent.items()]
        typed = fill(form(opened.get(path), action), act="comment", body="Voici")
        assert opened.post(action, {**typed, "attachments": files}).status_code == 302
        back = {}
        for file in Attachment.objects.filter(ticket=ticket):
            served = opened.get(f"/tickets/{ticket.reference}/fichiers/{file.key}/")
            back[file.name] = (b"".join(served.streaming_content), served["Content-Type"])
        assert back == sent

    def test_r64_a_refused_file_is_named_and_the_others_wait_in_the_form(self, browser, world: World) -> None:
        ticket = new_ticket(world)
        opened = browser("dec")
        path, fields = composer(opened, ticket)
        files = [upload("bon.pdf", PDF), upload("facture.pdf", b"MZ\x90\x00"), upload("photo.png")]
        answer = opened.post(path, {**fill(fields, act="comment", body="Voici"), "attachments": files})
        assert answer.status_code == 422
        assert "« facture.pdf » : ce qui s'exécute" in words(answer)
        assert in_order(answer, "Voici", "bon.pdf", "photo.png")
        assert not Attachment.objects.filter(ticket=ticket).exists()

    def test_r64_a_refusal_is_in_words(self, browser, world: World) -> None:
        answer = browser("dec").post(self.PATH, {"attachments": upload("x.exe", b"MZ")})
        assert answer.status_code == 422
        assert "x.exe" in answer.content.decode()

    def test_r68_another_person_s_draft_is_another_one(self, browser, world: World) -> None:
        browser("dec").post(self.PATH, {"attachments": upload("secret.png")})
        assert "secret.png" not in words(browser("obs").post(self.PATH))

    def test_an_unknown_purpose_is_not_found(self, browser, world: World) -> None:
        assert browser("dec").post("/brouillons/autre/formulaire/fichiers/").status_code == 404
