"""Every entrance with what nobody types: sizes are measured before anything is done with a text (R57–R59)."""

import time
from collections.abc import Callable, Iterator
from itertools import batched

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from calypso.ui.forms import Form
from tests.contracts.routes import POST_ONLY, ROUTES
from tests.contracts.walk import address, reader
from tests.world import World

# Marks in an order that Unicode must change: sorting them takes the square of their number. 40,000 took 1.4 s.
MARKS = "a" + "\u0301\u0327" * 20_000
HOSTILE = {
    "marks": MARKS,
    "tibetan": "a" + "\u0f73\u0301" * 20_000,
    "letters": "a" * 40_000,
    "expanding": "\ufdfa" * 40_000,
    "joined": "a-1" * 13_000,
    "mentions": "@" * 40_000,
    "spaces": "a" + " " * 40_000 + "b",
    "percent": "%_" * 20_000,
    "escapes": "\x1b]" * 20_000,
}
SECONDS = 1.0  # of processor for a request: four times the slowest measured, a fraction of one text's square
QUERY = [
    *("q", "tri", "page", "next", "fait", "langue", "dans", "brouillon", "ajouter", "etat", "projet", "societe"),
    *("du", "au", "sujet", "vu", "figure", "phase", "intervenant", "echeance", "lot", "priorite", "other"),
    *("destination", "title", "page_url", "lien", "compte", "forme", "retour", "suite"),
]
AT_ONCE = 25
FORM = "application/x-www-form-urlencoded"


def _forms(kind: type[Form] = Form) -> Iterator[type[Form]]:
    for below in kind.__subclasses__():
        yield below
        yield from _forms(below)


def fields() -> list[str]:
    """The names of all fields that any form reads, and of what pages carry besides."""
    declared: set[str] = {"cle", "compte", "forme", "retour", "version", "choisir", "retirer", "insert", "ref"}
    for form in _forms():
        declared.update(form.declared_fields)  # type: ignore[attr-defined]
    return sorted(declared)


def asking(act: Callable[[], object]) -> float:
    """Seconds of processor that this process spent on it."""
    start = time.process_time()
    act()
    return time.process_time() - start


def unescaped(asked: dict[str, str]) -> bytes:
    """A query or a body as no browser writes it: nothing is spent on escaping marks, here or there."""
    return "&".join(f"{name}={text}" for name, text in asked.items()).encode()


@pytest.fixture
def signed_in(browser, world: World) -> Callable[[str], Client]:
    return lambda name: browser(reader(name))


def test_the_names_of_fields_are_found() -> None:
    assert {"email", "password", "body", "title", "q", "attachments", "reason", "viewers"} <= set(fields())
    assert all(isinstance(form, type) and issubclass(form, forms.Form) for form in _forms())


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("path", ["/connexion/", "/premiere-connexion/", "/mot-de-passe/oublie/"])
def test_r59_nobody_signed_in_costs_little(kind: str, path: str, browser, world: World) -> None:
    for most in (1, 4):  # 60 kB was four seconds, 160 kB twenty-five
        posted = dict.fromkeys(("email", "password", "captcha", "next"), HOSTILE[kind] * most)
        assert asking(lambda posted=posted: browser().post(path, posted)) < SECONDS


@pytest.mark.parametrize("name", sorted(set(ROUTES) - POST_ONLY))
def test_r59_a_page_measures_its_address(name: str, signed_in, world: World) -> None:
    path = address(name, world)
    signed_in(name).get(path)  # what is loaded once is not counted
    for some in batched(QUERY, AT_ONCE, strict=False):
        asked = unescaped(dict.fromkeys(some, MARKS[:20_000])).decode("latin-1")
        assert asking(lambda asked=asked: signed_in(name).get(path, QUERY_STRING=asked)) < SECONDS, some


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_r59_a_form_measures_its_texts(name: str, signed_in, world: World) -> None:
    path = address(name, world)
    for some in batched(fields(), AT_ONCE, strict=False):
        posted = unescaped(dict.fromkeys(some, MARKS))
        assert asking(lambda posted=posted: signed_in(name).post(path, posted, content_type=FORM)) < SECONDS, some


@pytest.mark.parametrize("kind", HOSTILE)
def test_r59_a_text_at_its_limit_costs_little(kind: str, browser, world: World) -> None:
    """What passes is indexed, mailed, kept and shown: the whole way, with the longest text that a comment may hold."""
    path = f"/tickets/{world.ticket('A1').reference}/"
    posted = {"body": HOSTILE[kind][:20_000], "act": "comment", "version": "1"}
    assert asking(lambda: browser("dec").post(f"{path}envoyer/", posted)) < SECONDS
    assert asking(lambda: browser("dec").get(path)) < SECONDS
    assert asking(lambda: browser("dec").get("/recherche/", {"q": HOSTILE[kind][:200]})) < SECONDS
    opened = {"title": HOSTILE[kind][:200], "description": HOSTILE[kind][:20_000], "priority": "1"}
    opening = f"/projets/{world.project('A1').key}/tickets/nouveau/"
    assert asking(lambda: browser("dec").post(opening, opened)) < SECONDS


@pytest.mark.parametrize("kind", HOSTILE)
def test_r59_files_and_tables_cost_little(kind: str, browser, world: World) -> None:
    draft = "/brouillons/comment/entrances/fichiers/"
    upload = SimpleUploadedFile(f"{HOSTILE[kind][:300]}.txt", b"texte")
    assert asking(lambda: browser("dec").post(draft, {"attachments": upload})) < SECONDS
    company = world.project("A1").organization.key
    table = f"Prénom;Nom;E-mail\n{HOSTILE[kind]};{HOSTILE[kind]};{HOSTILE[kind]}\n"
    for content in (table, HOSTILE[kind] * 4, f"{HOSTILE[kind]};{table}"):
        sheet = SimpleUploadedFile("contacts.csv", content.encode())
        path = f"/equipe/societes/{company}/import/"
        assert asking(lambda sheet=sheet, path=path: browser("admin").post(path, {"file": sheet})) < SECONDS * 2


def test_r57_a_text_too_long_by_far_comes_back_in_its_form(browser, world: World) -> None:
    """A log of a megabyte pasted in a comment is refused with its limit, and nothing of it is lost."""
    text = "Ligne du journal\n" * 70_000
    path = f"/tickets/{world.ticket('A1').reference}/envoyer/"
    answer = browser("dec").post(path, {"body": text, "act": "comment", "version": "1"})
    assert answer.status_code == 422
    assert "1190000 caractères pour 20000 au plus" in answer.content.decode().replace("\u202f", " ")
    assert answer.content.decode().count("Ligne du journal") >= 70_000
