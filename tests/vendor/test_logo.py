"""The vendor's logo: made small, on pages, in mails, in the history; what is no image is refused."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from calypso.accounts.models import AuditEntry
from calypso.base import clock, files
from calypso.base.chosen import chosen
from calypso.base.errors import Forbidden
from calypso.base.logos import Logo
from calypso.outbox import delivery
from calypso.tickets.tasks import sweep_files
from calypso.vendor.actions.logo import remove_logo, save_logo
from tests.pages import words
from tests.smtp import SmtpServer
from tests.world import World, new_ticket

PAGE, ADDRESS = "/equipe/reglages/", "/equipe/reglages/logo/"


def picture(width: int = 1200, height: int = 300, kind: str = "PNG") -> bytes:
    content = BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", (width, height), "#7a1f6e").save(content, kind)
    return content.getvalue()


def given(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"logo": SimpleUploadedFile("logo.png", content)}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_made_small_and_is_on_every_page(kind: str, browser, world: World) -> None:
    opened = browser("admin")
    assert opened.post(ADDRESS, given(picture(kind=kind)))["Location"] == PAGE + "?fait=enregistre#logo"
    logo = Logo.read(chosen("LOGO"))
    assert (logo.width, logo.height, logo.width_at(28)) == (448, 112, 112)
    for who, path in (("", "/connexion/"), ("dec", "/projets/"), ("manager", "/equipe/")):
        page = browser(who).get(path).text
        assert f'<img class="logo own" src="/logo/{logo.name}.png" alt="" width="112" height="28">' in page
    sent = browser().get(f"/logo/{logo.name}.png")
    assert sent["Content-Type"] == "image/png"
    assert "immutable" in sent["Cache-Control"]
    assert Image.open(BytesIO(b"".join(sent.streaming_content))).size == (448, 112)
    assert in_history(world) == [("", f"448 × 112 ({logo.name[:6]})")]
    assert "448 × 112" in words(opened.get("/equipe/reglages/historique/"))


def in_history(world: World) -> list[tuple[str, str]]:
    return list(
        AuditEntry.objects.filter(field="logo", actor=world.admin).order_by("id").values_list("before", "after")
    )


@pytest.mark.parametrize(
    "content, problem",
    [
        (b"", "Choisissez un fichier."),
        (b"GIF89a" + b"x" * 30, "Ce fichier ne se lit pas comme une image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "Ce fichier ne se lit pas comme une image"),
        (b"x" * (2 * 2**20 + 1), "Deux mégaoctets au plus."),
    ],
)
def test_c4_r69_what_is_no_image_is_refused_and_the_last_logo_stays(
    content: bytes, problem: str, browser, world: World
) -> None:
    save_logo(world.admin, chunks=[picture()])
    before = chosen("LOGO")
    refused = browser("admin").post(ADDRESS, given(content) if content else {})
    assert refused.status_code == 422
    assert problem in words(refused)
    assert chosen("LOGO") == before


def test_a_logo_goes_with_each_mail(world: World, settings) -> None:
    save_logo(world.admin, chunks=[picture()])
    with SmtpServer() as smtp:
        settings.MAILERS = smtp.mailers
        new_ticket(world)
        delivery.deliver()
        mail = smtp.messages[-1]
    page = mail.get_body(("html",))
    assert 'src="cid:logo"' in page.get_content()
    (image,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert image["Content-ID"] == "<logo>"
    assert Image.open(BytesIO(image.get_content())).size == (448, 112)
    assert mail.get_body(("plain",)) is not None


def test_without_a_logo_a_mail_carries_no_picture(world: World, settings) -> None:
    with SmtpServer() as smtp:
        settings.MAILERS = smtp.mailers
        new_ticket(world)
        delivery.deliver()
        mail = smtp.messages[-1]
    assert {part.get_content_type() for part in mail.walk()} == {
        "multipart/alternative",
        "text/plain",
        "text/html",
    }


def test_r149_a_logo_that_the_disk_lost_stops_no_page_and_no_mail(browser, world: World, settings) -> None:
    save_logo(world.admin, chunks=[picture()])
    name = Logo.read(chosen("LOGO")).name
    files.remove(name)
    assert browser().get(f"/logo/{name}.png").status_code == 404
    assert browser("dec").get("/projets/").status_code == 200
    with SmtpServer() as smtp:
        settings.MAILERS = smtp.mailers
        new_ticket(world)
        delivery.deliver()
        assert smtp.messages


def test_a_logo_is_removed_and_its_file_swept(browser, world: World, monkeypatch) -> None:
    save_logo(world.admin, chunks=[picture()])
    name = Logo.read(chosen("LOGO")).name
    monkeypatch.setattr("calypso.tickets.tasks.ORPHAN_LIFE", clock.now() - clock.now())
    sweep_files.call()
    assert files.path_of(name).exists()
    browser("admin").post(ADDRESS, {"retirer": "1"})
    assert chosen("LOGO") == ""
    assert browser().get(f"/logo/{name}.png").status_code == 404
    sweep_files.call()
    assert not files.path_of(name).exists()


def test_r1_only_an_administrator_chooses_the_logo(world: World) -> None:
    with pytest.raises(Forbidden):
        save_logo(world.manager, chunks=[picture()])
    with pytest.raises(Forbidden):
        remove_logo(world.manager)
