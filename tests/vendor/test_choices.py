"""« Réglages »: what the vendor chooses at the desk, in force at once, told by the history; the environment wins."""

from dataclasses import replace
from datetime import date
from email.utils import parseaddr

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import override_settings

from calypso.accounts.models import AuditEntry
from calypso.base import chosen as choices
from calypso.base import clock
from calypso.base.business import Span
from calypso.base.chosen import chosen
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.outbox import delivery
from calypso.outbox.models import OutgoingEmail
from calypso.vendor.actions.choices import save_choices
from calypso.vendor.catalogue import CHOICES, SECTIONS
from calypso.vendor.models import VendorChoice
from tests.pages import fill, form, in_order, words
from tests.smtp import SmtpServer
from tests.world import World, new_ticket

# Section, key, what is typed, the setting and the value that it then has.
CHANGES = [
    ("identite", "product", "Espace Clients", "PRODUCT_NAME", "Espace Clients"),
    ("identite", "vendor", "Orvault", "VENDOR_NAME", "Orvault"),
    ("identite", "vendor_url", "https://orvault.example", "VENDOR_URL", "https://orvault.example"),
    ("identite", "support", "aide@orvault.example", "SUPPORT_ADDRESS", "aide@orvault.example"),
    ("identite", "accent", "#7a1f6e", "ACCENT_COLOUR", "#7a1f6e"),
    ("horaires", "business_days", "1,2,6", "BUSINESS_DAYS", frozenset({0, 1, 5})),
    ("horaires", "business_hours", "08:00-12:00,13:00-17:00", "BUSINESS_HOURS", (Span(480, 720), Span(780, 1020))),
    ("horaires", "holidays", "BE", "HOLIDAYS", "BE"),
    ("horaires", "holidays", "", "HOLIDAYS", ""),
    ("horaires", "closed_days", "2026-12-24", "CLOSED_DAYS", frozenset({date(2026, 12, 24)})),
    ("relances", "due_soon", "8", "DUE_SOON_HOURS", 8),
    ("relances", "event_near", "0", "EVENT_NEAR_DAYS", 0),
    ("relances", "event_alerts", "10,3", "EVENT_ALERT_DAYS", (10, 3)),
    ("relances", "remind", "5", "REMIND_DAYS", 5),
    ("relances", "take_back", "30", "TAKE_BACK_SECONDS", 30),
    ("relances", "quiet", "20:00-07:30", "QUIET_HOURS", Span(1200, 1890)),
    ("relances", "client_times", "yes", "CLIENT_TIMES", True),
    ("limites", "file_max", "10", "FILE_MAX_MB", 10),
    ("limites", "opening_files", "3", "OPENING_FILES", 3),
    ("limites", "comment_files", "2", "COMMENT_FILES", 2),
    ("limites", "company_quota", "100", "ORGANIZATION_QUOTA_MB", 100),
    ("limites", "draft_quota", "50", "DRAFT_QUOTA_MB", 50),
    ("limites", "list_page", "50", "LIST_PAGE_SIZE", 50),
    ("limites", "closed_page", "10", "CLOSED_PAGE_SIZE", 10),
    ("limites", "keep_mails", "90", "KEEP_MAILS_DAYS", 90),
    ("limites", "keep_closed", "24", "KEEP_CLOSED_MONTHS", 24),
    ("securite", "password_rule", "cnil", "CLIENT_PASSWORD_POLICY", "cnil"),
    ("securite", "second_factor", "staff", "SECOND_FACTOR", "staff"),
    ("securite", "reveal_unknown", "yes", "REVEAL_UNKNOWN_ADDRESS", True),
]


# What the history says where the value is a code.
IN_WORDS = {
    ("business_days", "1,2,6"): "lundi, mardi, samedi",
    ("holidays", "BE"): "Belgique",
    ("holidays", ""): "aucun",
    ("client_times", "yes"): "oui",
    ("password_rule", "cnil"): "12 caractères",
    ("second_factor", "staff"): "obligatoire pour l'équipe",
    ("reveal_unknown", "yes"): "oui",
}


def fixed(monkeypatch, name: str, text: str) -> None:
    """Has the environment set a variable."""
    variable = replace(settings.VARIABLES[name], written=text)
    monkeypatch.setitem(settings.VARIABLES, name, variable)


def test_every_choice_is_tried_here() -> None:
    assert {key for _section, key, *_rest in CHANGES} == set(CHOICES)


@pytest.mark.parametrize("section, key, typed, name, value", CHANGES)
def test_a_choice_is_in_force_at_once_and_in_the_history(
    section: str, key: str, typed: str, name: str, value: object, browser, world: World
) -> None:
    opened, page = browser("admin"), "/equipe/reglages/"
    fields = fill(form(opened.get(page), page))
    field = {"business_days": typed.split(","), "client_times": "on", "reveal_unknown": "on"}.get(key, typed)
    saved = opened.post(page, {**fields, key: field, "partie": section})
    assert saved["Location"] == f"/equipe/reglages/?fait=enregistre#{section}"
    assert chosen(name) == value
    (entry,) = AuditEntry.objects.filter(about="vendor:choices")
    assert (entry.field, entry.after, entry.actor) == (key, IN_WORDS.get((key, typed), typed), world.admin)
    if key != "second_factor":  # which this administrator must set up first
        assert CHOICES[key].label in words(opened.get("/equipe/reglages/historique/"))


def test_the_names_are_on_every_page_and_in_every_mail(browser, world: World) -> None:
    values = {"product": "Espace Clients", "vendor": "Orvault", "support": "aide@orvault.example"}
    save_choices(world.admin, values=values)
    assert "Espace Clients" in words(browser("dec").get("/projets/"))
    assert "Calypso" not in words(browser("dec").get("/projets/"))
    assert "aide@orvault.example" in browser().get("/aide/").text
    state = words(browser("admin").get("/equipe/etat/"))
    assert "CALYPSO_MAIL_FROM" in state
    assert "CALYPSO_VENDOR_NAME" not in state


@pytest.mark.parametrize(
    "section, key, typed, problem",
    [
        ("identite", "vendor", "", "Indiquez un nom."),
        ("identite", "vendor_url", "javascript:alert(1)", "Indiquez une adresse qui commence par http"),
        ("identite", "vendor_url", "https:// espace", "Indiquez une adresse qui commence par http"),
        ("identite", "product", "N" * 61, "60"),
        ("identite", "support", "aide", "Indiquez une seule adresse e-mail"),
        ("identite", "accent", "#7fd6d4", "Indiquez une couleur comme #0a6e74"),
        ("identite", "accent", "rouge", "Indiquez une couleur comme #0a6e74"),
        ("horaires", "business_days", "", "Choisissez au moins un jour."),
        ("horaires", "business_hours", "18:00-09:00", "Indiquez des heures dans l'ordre"),
        ("horaires", "business_hours", "", "Indiquez des heures dans l'ordre"),
        ("horaires", "holidays", "ZZ", "Choisissez dans la liste."),
        ("horaires", "closed_days", "le 24", "Indiquez des dates"),
        ("relances", "event_alerts", "-1", "Indiquez des nombres de jours"),
        ("relances", "quiet", "20:00", "Indiquez deux heures"),
        ("relances", "take_back", "61", "Indiquez un nombre entier entre 0 et 60."),
        ("limites", "file_max", "beaucoup", "Indiquez un nombre entier entre 1 et 1000."),
        ("limites", "file_max", "900", "Les fichiers d'un envoi tiennent ensemble en 130 Mo."),
        ("securite", "password_rule", "aucune", "Choisissez dans la liste."),
    ],
)
def test_c4_what_is_refused_is_said_beside_its_field_and_nothing_is_saved(
    section: str, key: str, typed: str, problem: str, browser, world: World
) -> None:
    opened, page = browser("admin"), "/equipe/reglages/"
    fields = fill(form(opened.get(page), page))
    refused = opened.post(page, {**fields, "product": "Autre", "due_soon": "9", key: typed, "partie": section})
    assert refused.status_code == 422
    assert in_order(refused, problem, "Sécurité")
    assert not VendorChoice.objects.exists()
    assert chosen("PRODUCT_NAME") == "Calypso"


def test_the_environment_wins_and_says_so(browser, world: World, monkeypatch) -> None:
    save_choices(world.admin, values={"vendor": "Orvault"})
    fixed(monkeypatch, "VENDOR_NAME", "Léni")
    fixed(monkeypatch, "CLIENT_TIMES", "true")
    choices.changed()
    assert chosen("VENDOR_NAME") == "Léni"
    page = browser("admin").get("/equipe/reglages/")
    assert "fixé par l'hébergement (CALYPSO_VENDOR_NAME)" in words(page)
    assert 'name="vendor"' not in page.text
    save_choices(world.admin, values={"vendor": "Autre"})
    assert VendorChoice.objects.get(name="VENDOR_NAME").value == "Orvault"


def test_r102_two_windows_undo_nothing_of_each_other(world: World) -> None:
    shown = {"product": "Calypso", "vendor": "Léni", "vendor_url": "", "support": "support@leni.example"}
    save_choices(world.admin, values={**shown, "vendor": "Orvault"}, shown=shown)
    save_choices(world.admin, values={**shown, "product": "Espace"}, shown=shown)
    assert (chosen("VENDOR_NAME"), chosen("PRODUCT_NAME")) == ("Orvault", "Espace")
    with pytest.raises(Conflict):
        save_choices(world.admin, values={**shown, "vendor": "Tiers"}, shown=shown)


@pytest.mark.parametrize("who, error", [("manager", Forbidden), ("support", Forbidden), ("dec", NotVisible)])
def test_r1_only_an_administrator_chooses(who: str, error: type[Exception], world: World) -> None:
    with pytest.raises(error):
        save_choices(world.person(who), values={"vendor": "Orvault"})


def test_a_page_keeps_its_names_when_the_database_is_away(world: World, monkeypatch) -> None:
    def away() -> dict[str, str]:
        raise DatabaseError

    monkeypatch.setattr(choices, "_readers", [away])
    choices.changed()
    assert chosen("PRODUCT_NAME") == "Calypso"


def test_the_choices_have_short_keys_of_their_own() -> None:
    keys = [choice.key for section in SECTIONS for choice in section.choices]
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= AuditEntry._meta.get_field("field").max_length for key in keys)
    assert str(VendorChoice(name="VENDOR_NAME", value="Léni")) == "VENDOR_NAME=Léni"


def test_other_hours_recount_the_clock_of_every_ticket(world: World, monkeypatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr("calypso.vendor.following._FOLLOWERS", [({"BUSINESS_HOURS"}, lambda: ran.append("again"))])
    save_choices(world.admin, values={"holidays": "BE"})
    assert ran == []
    save_choices(world.admin, values={"business_hours": "08:00-17:00"})
    assert ran == ["again"]
    with pytest.raises(Invalid):
        save_choices(world.admin, values={"business_hours": "?"})


def test_a_colour_is_on_pages_and_in_mails(browser, world: World) -> None:
    save_choices(world.admin, values={"accent": "#7A1F6E"})
    page = browser("dec").get("/projets/")
    assert 'href="/couleurs/7a1f6e.css"' in page.text
    assert 'name="theme-color" content="#7a1f6e"' in page.text
    style = browser().get("/couleurs/7a1f6e.css")
    assert "--accent: light-dark(#7a1f6e," in style.text
    assert "immutable" in style["Cache-Control"]
    assert browser().get("/couleurs/7fd6d4.css").status_code == 404
    new_ticket(world)
    assert "background: #7a1f6e" in OutgoingEmail.objects.latest("id").html


def test_a_name_with_quotes_is_still_a_sender(world: World) -> None:
    save_choices(world.admin, values={"vendor": 'Orvault "Salons"', "product": "Espace, clients"})
    with SmtpServer() as smtp, override_settings(MAILERS=smtp.mailers):
        new_ticket(world)
        OutgoingEmail.objects.update(next_try=clock.now())
        assert delivery.deliver()
        sender = parseaddr(str(smtp.messages[0]["From"]))
    assert sender == ('Orvault "Salons" - Espace, clients', settings.MAIL_FROM)


def test_no_secret_is_kept_with_the_settings() -> None:
    assert settings.VARIABLES["SECRET_KEY"].written is None
    assert settings.VARIABLES["DATABASE_URL"].written is None


def test_what_is_typed_in_another_section_is_saved_with_it(browser, world: World) -> None:
    opened, page = browser("admin"), "/equipe/reglages/"
    fields = fill(form(opened.get(page), page), due_soon="8", list_page="33")
    opened.post(page, {**fields, "partie": "relances"})
    assert (chosen("DUE_SOON_HOURS"), chosen("LIST_PAGE_SIZE")) == (8, 33)


def test_r102_a_conflict_says_what_was_saved_meanwhile(browser, world: World) -> None:
    opened, page = browser("admin"), "/equipe/reglages/"
    fields = fill(form(opened.get(page), page))
    save_choices(world.admin, values={"product": "Alpha", "business_days": "1,2,3,4,5,6"})
    refused = opened.post(page, {**fields, "product": "Beta", "business_days": ["1", "2"]})
    assert refused.status_code == 409
    assert in_order(refused, "Enregistré entre-temps : Alpha", "Enregistré entre-temps : lundi, mardi, mercredi")
    assert 'value="Beta"' in refused.text


def test_saving_what_is_there_already_writes_no_history(browser, world: World) -> None:
    opened, page = browser("admin"), "/equipe/reglages/"
    opened.post(page, fill(form(opened.get(page), page)))
    opened.post("/equipe/niveaux/", fill(form(opened.get("/equipe/niveaux/"), "")))
    assert not AuditEntry.objects.filter(about="vendor:choices").exists()
