"""The texts that a vendor writes itself: on their pages, in both languages, in the history; never empty where owed."""

import pytest

from calypso.accounts.models import AuditEntry
from calypso.base.errors import Conflict, Forbidden, NotVisible
from calypso.vendor.actions.choices import save_choices
from calypso.vendor.actions.texts import reset_text, save_text
from calypso.vendor.models import VendorText
from calypso.vendor.texts import TEXTS, Name
from calypso.vendor.wording import texts_in_force
from tests.pages import fill, form, in_order, words
from tests.world import World

PAGES = {
    Name.WELCOME: "/connexion/",
    Name.HELP: "/aide/",
    Name.LEGAL: "/mentions-legales/",
    Name.PRIVACY: "/confidentialite/",
    Name.TERMS: "/conditions/",
    Name.ACCESSIBILITY: "/accessibilite/",
}
# A sentence of each page as it is without a text of the vendor.
OURS = {
    Name.WELCOME: "Cet espace est réservé aux utilisateurs des solutions Digitales de Léni",
    Name.HELP: "Dans la phase de construction de vos sites",
    Name.LEGAL: "Léni édite cet extranet",
    Name.PRIVACY: "Les données que vous y confiez ne servent qu'à cela.",
    Name.TERMS: "Votre compte est personnel",
    Name.ACCESSIBILITY: "il est déclaré non conforme",
}


@pytest.mark.parametrize("name", list(Name))
def test_a_text_is_on_its_page_in_both_languages_and_in_the_history(name: Name, browser, world: World) -> None:
    opened, page = browser("admin"), f"/equipe/reglages/textes/{name}/"
    assert OURS[name] in words(browser().get(PAGES[name]))
    fields = fill(form(opened.get(page), page))
    saved = opened.post(page, {**fields, "fr": "## Notre part\n\nDu **gras**.", "en": "## Our part\n\nSome **bold**."})
    assert saved["Location"] == "/equipe/reglages/?fait=enregistre#textes"
    french, english = browser().get(PAGES[name]), browser().get(PAGES[name] + "?langue=en")
    assert "<h2>Notre part</h2>" in french.text
    assert "<strong>gras</strong>" in french.text
    assert OURS[name] not in words(french)
    assert "<h2>Our part</h2>" in english.text
    history = opened.get("/equipe/reglages/historique/")
    assert in_order(history, TEXTS[name].title, "## Our part", TEXTS[name].title, "## Notre part")
    opened.post(page + "origine/")
    assert OURS[name] in words(browser().get(PAGES[name]))
    assert not VendorText.objects.exists()


def test_c4_a_page_that_is_owed_is_never_emptied(browser, world: World) -> None:
    opened, page = browser("admin"), "/equipe/reglages/textes/mentions-legales/"
    save_text(world.admin, name=Name.LEGAL, texts={"fr": "Orvault SAS", "en": "Orvault Ltd"})
    fields = fill(form(opened.get(page), page))
    refused = opened.post(page, {**fields, "fr": " \n", "en": "Orvault Inc"})
    assert refused.status_code == 422
    assert in_order(refused, "Français", "Cette page ne peut pas être vide")
    assert "Orvault SAS" in words(browser().get("/mentions-legales/"))
    assert texts_in_force(Name.LEGAL)["en"] == "Orvault Ltd"


def test_a_welcome_that_is_emptied_is_ours_again(browser, world: World) -> None:
    save_text(world.admin, name=Name.WELCOME, texts={"fr": "Bonjour", "en": "Hello"})
    save_text(world.admin, name=Name.WELCOME, texts={"fr": "", "en": "Hello"})
    assert OURS[Name.WELCOME] in words(browser().get("/connexion/"))
    assert "Hello" in words(browser().get("/connexion/?langue=en"))


def test_a_preview_shows_what_is_typed_and_saves_nothing(browser, world: World) -> None:
    opened, page = browser("admin"), "/equipe/reglages/textes/conditions/"
    fields = fill(form(opened.get(page), page))
    seen = opened.post(page, {**fields, "fr": "## Chapitre", "en": "## Chapter", "apercu": "1"})
    assert seen.status_code == 200
    assert "<h2>Chapitre</h2>" in seen.text
    assert "<h2>Chapter</h2>" in seen.text
    assert "## Chapitre</textarea>" in seen.text
    assert not VendorText.objects.exists()
    long = opened.post(page, {**fields, "fr": "a" * 20_001, "apercu": "1"})
    assert long.status_code == 422


def test_what_is_saved_is_what_the_page_showed_in_both_languages(browser, world: World) -> None:
    opened, page = browser("admin"), "/equipe/reglages/textes/confidentialite/"
    fields = fill(form(opened.get(page), page))
    opened.post(page, {**fields, "fr": fields["fr"][0] + "\n\nEt ceci."})
    save_choices(world.admin, values={"keep_mails": "12"})
    assert "Et ceci." in words(browser().get("/confidentialite/"))
    english = words(browser().get("/confidentialite/?langue=en"))
    assert "12 days" not in english
    assert "The messages sent are kept for" in english


def test_our_text_follows_the_settings(browser, world: World) -> None:
    save_choices(world.admin, values={"keep_mails": "12", "keep_closed": "18"})
    save_choices(world.admin, values={"vendor": "Orvault", "vendor_url": "https://orvault.example"})
    assert in_order(browser().get("/confidentialite/"), "gardés 12 jours", "effacés après 18 mois")
    assert in_order(browser().get("/mentions-legales/"), "Orvault édite cet extranet", "https://orvault.example")


def test_r46_a_text_holds_no_html(browser, world: World) -> None:
    text = '<script>alert(1)</script> [lien](javascript:alert(1)) # <b onclick="x">'
    save_text(world.admin, name=Name.LEGAL, texts={"fr": text, "en": text})
    page = browser().get("/mentions-legales/").text
    assert "<script>alert" not in page
    assert "<b onclick" not in page
    assert 'href="javascript' not in page


def test_r102_two_windows_undo_nothing_of_each_other(world: World) -> None:
    shown = texts_in_force(Name.LEGAL)
    save_text(world.admin, name=Name.LEGAL, texts={**shown, "fr": "Orvault SAS"}, shown=shown)
    save_text(world.admin, name=Name.LEGAL, texts={**shown, "en": "Orvault Ltd"}, shown=shown)
    assert texts_in_force(Name.LEGAL) == {"fr": "Orvault SAS", "en": "Orvault Ltd"}
    with pytest.raises(Conflict):
        save_text(world.admin, name=Name.LEGAL, texts={**shown, "fr": "Tiers"}, shown=shown)
    entries = AuditEntry.objects.count()
    save_text(world.admin, name=Name.LEGAL, texts=texts_in_force(Name.LEGAL))
    assert AuditEntry.objects.count() == entries


def test_r102_the_page_says_the_conflict_and_keeps_what_was_typed(browser, world: World) -> None:
    opened, page = browser("admin"), "/equipe/reglages/textes/mentions-legales/"
    fields = fill(form(opened.get(page), page))
    save_text(world.admin, name=Name.LEGAL, texts={"fr": "Orvault SAS", "en": "Orvault Ltd"})
    refused = opened.post(page, {**fields, "fr": "Tiers"})
    assert refused.status_code == 409
    assert "Quelqu'un a changé la même chose" in words(refused)
    assert "Tiers</textarea>" in refused.text
    assert "Orvault SAS" in words(refused)


@pytest.mark.parametrize("who, error", [("manager", Forbidden), ("dec", NotVisible)])
def test_r1_only_an_administrator_writes(who: str, error: type[Exception], world: World) -> None:
    with pytest.raises(error):
        save_text(world.person(who), name=Name.LEGAL, texts={"fr": "x", "en": "x"})
    with pytest.raises(error):
        reset_text(world.person(who), name=Name.LEGAL)


def test_an_unknown_text_is_not_found(browser, world: World) -> None:
    assert browser("admin").get("/equipe/reglages/textes/inconnu/").status_code == 404
    assert str(VendorText(name="aide", language="fr")) == "aide (fr)"
