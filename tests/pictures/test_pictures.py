"""Pictures of files: made from pixels in a process that may die, shown to whoever may download the file."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from calypso.base import clock, files
from calypso.pictures import actions
from calypso.pictures.models import Picture, State
from calypso.tickets.actions import drafts
from calypso.tickets.models import Attachment, Draft, DraftFile, Ticket
from calypso.tickets.tasks import ask_for_pictures, sweep_files
from tests.pictures import images
from tests.pictures.images import BLUE, RED
from tests.world import World, new_ticket, say, upload


def made(world: World, name: str, content: bytes) -> Picture:
    """The picture of a file that the declarant put in a form, once the worker has passed."""
    upload(world.dec, "formulaire", Draft.Purpose.COMMENT, name, content)
    source = DraftFile.objects.latest("id").stored
    actions.ask(source=source, media_type="image/png")  # whatever its bytes were taken for
    actions.make.call(source=source)
    return Picture.objects.get(source=source)


def opened(name: str) -> Image.Image:
    return Image.open(BytesIO(files.path_of(name).read_bytes())).convert("RGB")


def near(pixel: object, color: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(pixel, color, strict=True))  # type: ignore[call-overload]


KINDS = {
    "capture.png": lambda: images.encoded("PNG"),
    "photo.jpg": lambda: images.encoded("JPEG"),
    "IMG_0413.HEIC": lambda: images.encoded("HEIF"),
    "IMG_0414.HEIC": lambda: images.encoded("JPEG"),  # what a phone that converts sends under that name
    "capture.jpg": lambda: images.encoded("PNG"),
    "plan.tif": lambda: images.encoded("TIFF", compression="tiff_lzw"),
    "scan.tiff": lambda: images.encoded("TIFF", images.halves(mode="CMYK")),
    "logo.webp": lambda: images.encoded("WEBP", lossless=True),
    "photo.avif": lambda: images.encoded("AVIF"),
    "anim.gif": lambda: images.frames(4),
    "dessin.bmp": lambda: images.encoded("BMP"),
    "palette.png": lambda: images.encoded("PNG", images.halves().convert("P")),
    "transparent.png": lambda: images.encoded("PNG", images.halves(mode="RGBA")),
    "imprimante.jpg": lambda: images.encoded("JPEG", images.halves(mode="CMYK")),
}


@pytest.mark.parametrize("name", KINDS)
def test_r69_every_kind_of_image_is_shown(name: str, world: World) -> None:
    picture = made(world, name, KINDS[name]())
    assert (picture.state, picture.width, picture.height) == (State.READY, 64, 32)
    for size in (picture.thumbnail, picture.view):
        image = opened(size)
        assert near(image.getpixel((8, 16)), RED)
        assert near(image.getpixel((56, 16)), BLUE)


def test_the_first_page_of_a_pdf_is_shown(world: World) -> None:
    picture = made(world, "devis.pdf", images.document(pages=3))
    image = opened(picture.view)
    assert near(image.getpixel((10, 10)), RED)
    assert near(image.getpixel((image.width - 10, 10)), (255, 255, 255))


def test_sixteen_bits_of_grey_stay_grey(world: World) -> None:
    picture = made(world, "scan.png", images.encoded("PNG", Image.new("I;16", (16, 16), 32768)))
    assert near(opened(picture.view).getpixel((8, 8)), (128, 128, 128))


def test_r74_neither_position_nor_device_leaves_and_the_photo_stands_upright(world: World) -> None:
    photo = images.from_a_phone()
    picture = made(world, "photo.jpg", photo)
    assert (picture.width, picture.height) == (32, 64)  # turned as its EXIF says
    assert b"Marque" in photo
    for name in (picture.thumbnail, picture.view):
        content = files.path_of(name).read_bytes()
        assert not any(word in content for word in (b"EXIF", b"Exif", b"Marque", b"GPS", b"commentaire", b"XMP"))
        assert not Image.open(BytesIO(content)).getexif()


def test_r69_a_page_of_a_kilometre_is_reduced_like_any_other(world: World) -> None:
    picture = made(world, "immense.pdf", images.document(width=2_000_000, height=1_000_000))
    assert (picture.width, picture.height) == (2560, 1280)


def test_a_large_picture_is_reduced(world: World) -> None:
    picture = made(world, "panorama.jpg", images.encoded("JPEG", images.halves(8000, 1000)))
    assert (picture.width, picture.height) == (2560, 320)
    assert opened(picture.thumbnail).size == (480, 60)


HOSTILE = {
    "bombe.png": lambda: images.declared(60_000, 60_000),
    "menteur.png": lambda: images.declared(9_000, 9_000, rows=2),
    "tronqué.jpg": lambda: images.encoded("JPEG", images.halves(400, 400))[:300],
    "faux.png": lambda: b"\x89PNG\r\n\x1a\n" + b"n'importe quoi" * 50,
    "faux.heic": lambda: b"\x00\x00\x00\x18ftypheic" + os.urandom(2000),
    "vide.pdf": lambda: b"%PDF-1.7\n%%EOF",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_r69_what_cannot_be_shown_stays_a_file_and_is_not_tried_again(name: str, world: World) -> None:
    picture = made(world, name, HOSTILE[name]())
    assert picture.state == State.NONE
    assert not actions.make.call(source=picture.source)
    assert files.path_of(picture.source).stat().st_size == len(HOSTILE[name]())


def test_r69_the_first_of_five_thousand_frames_is_enough(world: World) -> None:
    picture = made(world, "cinq-mille.gif", images.frames(5000))
    assert (picture.state, picture.width) == (State.READY, 64)


def test_r70_an_archive_is_not_opened(world: World) -> None:
    upload(world.dec, "zip", Draft.Purpose.COMMENT, "zeros.zip", images.zeros(64))
    assert not Picture.objects.filter(source=DraftFile.objects.latest("id").stored).exists()


def test_r69_a_program_that_takes_too_much_gives_no_picture(world: World, monkeypatch) -> None:
    monkeypatch.setattr(actions, "MEGABYTES", 40)
    assert made(world, "capture.png", images.encoded("PNG", images.halves(3000, 3000))).state == State.NONE
    monkeypatch.setattr(actions, "MEGABYTES", 1024)
    monkeypatch.setattr(actions, "SECONDS", 0)
    assert made(world, "autre.png", images.encoded("PNG")).state == State.NONE


def test_a_file_that_the_disk_lost_has_no_picture(world: World) -> None:
    upload(world.dec, "perdu", Draft.Purpose.COMMENT, "capture.png", images.encoded("PNG"))
    source = DraftFile.objects.latest("id").stored
    files.remove(source)
    assert not actions.make.call(source=source)
    assert Picture.objects.get(source=source).state == State.NONE


class TestWhoSees:
    @pytest.fixture
    def ticket(self, world: World) -> Ticket:
        ticket = new_ticket(world)
        key = upload(world.dec, "montre", Draft.Purpose.COMMENT, "capture.png", images.encoded("PNG"))
        say(world, "dec", ticket, "comment", "La voici.", form_key=key)
        key = upload(world.agent, "interne", Draft.Purpose.COMMENT, "interne.png", images.encoded("PNG"))
        say(world, "agent", ticket, "note", "Entre nous.", form_key=key)
        return ticket

    def address(self, ticket: Ticket, *, internal: bool, size: str = "vue") -> str:
        file = Attachment.objects.get(ticket=ticket, event__internal=internal)
        return f"/tickets/{ticket.reference}/fichiers/{file.key}/{size}/"

    @pytest.mark.parametrize("size", ["vignette", "vue"])
    def test_r62_whoever_may_download_the_file(self, size: str, ticket: Ticket, browser, world: World) -> None:
        for picture in Picture.objects.all():
            actions.make.call(source=picture.source)
        public, internal = (self.address(ticket, internal=inside, size=size) for inside in (False, True))
        seen = {who: [browser(who).get(public).status_code, browser(who).get(internal).status_code] for who in WHO}
        assert seen == WHO
        assert browser().get(public)["Location"].startswith("/connexion/")

    def test_r63_r69_it_is_inert_and_asked_again_each_time(self, ticket: Ticket, browser, world: World) -> None:
        window, address = browser("dec"), self.address(ticket, internal=False)
        assert window.get(address).status_code == 202
        for picture in Picture.objects.all():
            actions.make.call(source=picture.source)
        answer = window.get(address)
        assert Image.open(BytesIO(b"".join(answer.streaming_content))).format == "WEBP"
        assert answer["Content-Type"] == "image/webp"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; style-src 'unsafe-inline'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-cache"
        assert window.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
        assert browser("bpm").get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 404
        assert window.get(address.replace("/vue/", "/autre/")).status_code == 404

    def test_a_picture_that_cannot_be_is_no_page(self, ticket: Ticket, browser) -> None:
        Picture.objects.update(state=State.NONE)
        assert browser("dec").get(self.address(ticket, internal=False)).status_code == 404

    def test_r149_a_picture_that_the_disk_lost_is_no_error(self, ticket: Ticket, browser) -> None:
        for picture in Picture.objects.all():
            actions.make.call(source=picture.source)
            files.remove(Picture.objects.get(pk=picture.pk).view)
        assert browser("dec").get(self.address(ticket, internal=False)).status_code == 404

    def test_the_page_shows_thumbnails(self, ticket: Ticket, browser) -> None:
        page = browser("dec").get(f"/tickets/{ticket.reference}/").content.decode()
        assert "data-thumbnail=" in page
        for picture in Picture.objects.all():
            actions.make.call(source=picture.source)
        page = browser("dec").get(f"/tickets/{ticket.reference}/").content.decode()
        assert f'<img src="{self.address(ticket, internal=False, size="vignette")}"' in page
        assert "interne.png" not in page

    def test_r68_that_of_a_draft_is_its_writer_s(self, browser, world: World) -> None:
        upload(world.dec, "brouillon1", Draft.Purpose.COMMENT, "capture.png", images.encoded("PNG"))
        file = DraftFile.objects.latest("id")
        actions.make.call(source=file.stored)
        address = f"/brouillons/brouillon1/fichiers/{file.key}/vue/"
        assert browser("dec").get(address).status_code == 200
        for who in ("pm", "agent", "admin"):
            assert browser(who).get(address).status_code == 404


WHO = {
    "dec": [200, 404],
    "pm": [200, 404],
    "obs": [200, 404],
    "out": [404, 404],
    "buser": [404, 404],
    "agent": [200, 200],
    "support": [200, 200],
    "rd": [404, 404],
    "norole": [404, 404],
}


class TestLife:
    def test_a_file_taken_out_leaves_with_its_pictures(self, world: World) -> None:
        picture = made(world, "capture.png", images.encoded("PNG"))
        drafts.remove_file(world.dec, form_key="formulaire", key=DraftFile.objects.get(stored=picture.source).key)
        assert not Picture.objects.filter(source=picture.source).exists()
        assert not any(files.path_of(name).exists() for name in (picture.thumbnail, picture.view))

    def test_a_blurred_picture_takes_the_place_of_the_original(self, browser, world: World, settings) -> None:
        settings.COMMENT_FILES = 1
        picture = made(world, "capture.png", images.encoded("PNG"))
        key = DraftFile.objects.get(stored=picture.source).key
        with_blur = BytesIO(images.encoded("PNG", images.halves(10, 10)))
        with_blur.name = "capture (annoté).png"
        answer = browser("dec").post(
            "/brouillons/comment/formulaire/fichiers/", {"attachments": with_blur, "remplace": key}
        )
        assert answer.status_code == 200
        assert [file.name for file in DraftFile.objects.filter(draft__key="formulaire")] == ["capture (annoté).png"]
        assert not files.path_of(picture.source).exists()
        with_blur.seek(0)
        again = browser("dec").post(
            "/brouillons/comment/formulaire/fichiers/", {"attachments": with_blur, "remplace": "absent"}
        )
        assert again.status_code == 422

    def test_r67_a_sweep_keeps_what_is_shown_and_removes_what_is_not(self, world: World) -> None:
        kept = made(world, "capture.png", images.encoded("PNG"))
        lost = made(world, "autre.png", images.encoded("PNG"))
        DraftFile.objects.filter(stored=lost.source).delete()
        for path in Path(files.path_of(kept.source)).parents[1].glob("??/*"):
            os.utime(path, (clock.ago(days=3).timestamp(),) * 2)
        sweep_files.call()
        names = {picture: [picture.source, picture.thumbnail, picture.view] for picture in (kept, lost)}
        assert [files.path_of(name).exists() for name in names[kept]] == [True] * 3
        assert [files.path_of(name).exists() for name in names[lost]] == [False] * 3
        assert set(Picture.objects.filter(pk__in=[kept.pk, lost.pk])) == {kept}

    def test_files_received_before_there_were_pictures_get_theirs(self, world: World) -> None:
        Picture.objects.all().delete()
        images_there = Attachment.objects.filter(media_type="image/png").count()
        assert images_there
        assert ask_for_pictures.call() == images_there
        assert ask_for_pictures.call() == 0
        assert set(Picture.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_picture_with_colours_of_its_own_keeps_them_on_a_screen(world: World) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = made(world, "photo.jpg", images.encoded("JPEG", icc_profile=profile))
    assert str(picture) == f"picture of {picture.source}"
    assert near(opened(picture.view).getpixel((8, 16)), RED)
    broken = made(world, "photo2.jpg", images.encoded("JPEG", icc_profile=b"no profile at all"))
    assert near(opened(broken.view).getpixel((8, 16)), RED)
