"""The mails' words: MA, MB, M1 and M4 to the letter, the others in their manner (S18, S24, S122, S127, R84)."""

import re
from html import unescape

import pytest
from django.db import transaction

from calypso.accounts.models import User
from calypso.base import clock
from calypso.outbox import delivery
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.models import Ticket
from tests.world import World, add_project, address, say


def plain(text: str) -> str:
    """The text without the spaces and apostrophes of typography, blank lines folded."""
    return re.sub(r"\n{2,}", "\n", text.replace("\u202f", " ").replace("’", "'")).strip()


def visible(html: str) -> str:
    body = html.split("<body", 1)[1].split(">", 1)[1]
    text = re.sub(r"<br\s*/?>|</p>|</div>", "\n", body)
    return plain(unescape(re.sub(r"[ \t]+", " ", re.sub(r"\n\s+", "\n", re.sub(r"<[^>]+>", "", text)))))


@pytest.fixture
def guide(world: World) -> Ticket:
    """The ticket of the guide's first mail."""
    project = add_project(world, "Projet de Test de gestion du Ticketing", "alpha", "pm")
    return open_ticket(
        world.dec,
        project=Project.objects.get(pk=project.pk),
        request=Request(
            title="Problème à la création d'une inscription",
            description="Nous avons un message d'erreur lorsque nous cliquons sur le bouton création",
            priority="4",
            context="C'est urgent le site est en production depuis ce matin",
        ),
        reference=lambda: "KJC0E3R",
    )


def mail(kind: str, to: str) -> OutgoingEmail:
    return OutgoingEmail.objects.filter(kind=kind, recipient=address(to)).latest("id")


M1 = """Vous venez de créer un ticket pour le projet Projet de Test de gestion du Ticketing (ALPHA)
Il porte la référence KJC0E3R
Libellé : Problème à la création d'une inscription
Accès : Voir Ticket http://testserver/tickets/KJC0E3R/
Nous avons un message d'erreur lorsque nous cliquons sur le bouton création
Avec la priorité : Bloquant (C'est urgent le site est en production depuis ce matin)
Nous prendrons en charge cette demande dans les meilleurs délais, et vous avertirons par email de son traitement.
L'équipe Léni
Pour rappel, les responsables de ce projet sont :
- Pour Léni : Manager STAFF
- Pour ALPHA : Paule MERCIER"""


@pytest.mark.checklist("S122")
def test_m1_is_the_guide_s(guide: Ticket) -> None:
    assert plain(mail("tickets.opened", "dec").text) == "Bonjour Monsieur ECLUSE,\n" + M1


@pytest.mark.checklist("S122")
def test_m1_speaks_of_its_author_to_the_others(guide: Ticket) -> None:
    first = plain(mail("tickets.opened", "pm").text).splitlines()
    assert first[:2] == [
        "Bonjour Madame MERCIER,",
        "M. ECLUSE vient de créer un ticket pour le projet Projet de Test de gestion du Ticketing (ALPHA)",
    ]


TEAM_FACTS = """Denis ECLUSE a créé le ticket KJC0E3R.
Problème à la création d'une inscription
Projet : Projet de Test de gestion du Ticketing (ALPHA), Paramétrage
État : Nouveau
Priorité : Bloquant (C'est urgent le site est en production depuis ce matin)
Demandeur : Denis ECLUSE
Intervenant : personne
Ouvrir le ticket http://testserver/equipe/tickets/KJC0E3R/
Nous avons un message d'erreur lorsque nous cliquons sur le bouton création"""


def test_decision_28_the_team_gets_facts_and_a_link_to_the_desk(guide: Ticket) -> None:
    assert plain(mail("tickets.opened", "manager").text) == TEAM_FACTS


@pytest.mark.parametrize("kind, of_html", [("tickets.opened", "Accès :"), ("tickets.processed", "Accès :")])
def test_s122_s127_the_link_comes_before_the_words_in_html_too(
    kind: str, of_html: str, guide: Ticket, world: World
) -> None:
    say(world, "agent", guide, "start")
    say(world, "agent", guide, "process", "Nous avons un message d'erreur : corrigé")
    html = visible(mail(kind, "dec").html)
    assert html.index(of_html) < html.rindex("Nous avons un message d'erreur")


def test_m1_typed_by_the_team_says_so(world: World) -> None:
    open_ticket(
        world.support, project=world.project("A2"), request=Request(title="Appel", priority="1"), author=world.out
    )
    assert "Support STAFF vient de créer un ticket en votre nom pour le projet" in plain(
        mail("tickets.opened", "out").text
    )


@pytest.mark.checklist("S127")
def test_m4_is_the_guide_s(guide: Ticket, world: World) -> None:
    say(world, "agent", guide, "start")
    say(world, "agent", guide, "process", "Ok c'est traité")
    text, _space, links = plain(mail("tickets.processed", "dec").text).partition("\nClôturer le ticket ")
    assert "http://testserver/agir/[lien-personnel-return]/" in links
    assert (
        text
        == """Bonjour,
Le ticket KJC0E3R a été traité : merci de vérifier son traitement et ensuite d'aller le clôturer (ou nous le retourner si son traitement ne vous convient pas)
Projet : Projet de Test de gestion du Ticketing (ALPHA)
Ticket : Problème à la création d'une inscription
Accès : Voir Ticket http://testserver/tickets/KJC0E3R/
Commentaire Léni :
Ok c'est traité
L'équipe Léni
Pour rappel, les responsables de ce projet sont :
- Pour Léni : Manager STAFF
- Pour ALPHA : Paule MERCIER
Le ticket avait été créé par Denis ECLUSE"""
    )


ONE_HOUR = "Ce lien est valide 1 heure. Au-delà, vous devrez renouveler votre demande."
LINK = "http://testserver/mot-de-passe/lien/[lien à usage unique]"


@pytest.mark.checklist("S18", "S24")
@pytest.mark.parametrize(
    "kind, lines",
    [
        (
            "accounts.first_connection",
            [
                "Vous avez demandé l'initialisation de votre mot de passe.",
                "Si vous n'êtes pas à l'origine de cette demande, nous vous invitons à ignorer ce message.",
                f"Cliquez ici pour créer votre mot de passe : {LINK}",
            ],
        ),
        (
            "accounts.reset",
            [
                "Vous avez demandé la réinitialisation de votre mot de passe.",
                "Si vous n'êtes pas à l'origine de cette demande, nous vous invitons à ignorer ce message, votre mot de passe n'a pas été modifié.",
                f"Cliquez ici pour modifier votre mot de passe : {LINK}",
            ],
        ),
    ],
)
def test_ma_and_mb_are_the_guide_s(kind: str, lines: list[str], world: World) -> None:
    from calypso.accounts.notices import link_asked

    person = world.dec
    if kind == "accounts.first_connection":
        person.password = "!"
    with transaction.atomic():
        link_asked(person, "mots")
    expected = ["Bonjour Denis,", *lines, ONE_HOUR, "L'équipe Léni"]
    assert plain(mail(kind, "dec").text).splitlines() == expected


@pytest.fixture
def every_kind(guide: Ticket, world: World) -> set[str]:
    """One mail of each kind about a ticket, with a payload in every comment."""
    from calypso.sla.actions import reminders
    from calypso.tickets.actions.steps import assign

    says = "<script>alert(1)</script> & « {{7*7}} »"
    say(world, "dec", guide, "comment", says)
    say(world, "agent", guide, "comment", f"@{world.support.full_name} {says}")
    current = Ticket.objects.get(pk=guide.pk)
    assign(world.manager, ticket=current, assignee=world.agent, seen_version=current.version, body=says)
    say(world, "agent", guide, "start", says)
    say(world, "agent", guide, "hand_to_rd", says)
    say(world, "manager", guide, "follow_up", says)
    say(world, "agent", guide, "ask_client", says)
    for _time in range(3):
        reminders._remind(Ticket.objects.select_related("project", "organization").get(pk=guide.pk), 0)
    say(world, "dec", guide, "return", says)
    say(world, "agent", guide, "process", says)
    say(world, "manager", guide, "internal_return", says)
    say(world, "dec", guide, "close", says)
    return set(OutgoingEmail.objects.filter(about=f"ticket:{guide.reference}").values_list("kind", flat=True))


def test_r46_r84_text_and_html_agree_and_nothing_is_live(every_kind: set[str], world: World) -> None:
    from calypso.tickets.notices import LABELS

    assert every_kind == set(LABELS)
    clients = set(User.objects.filter(kind="client").values_list("email", flat=True))
    for row in OutgoingEmail.objects.filter(about="ticket:KJC0E3R"):
        assert "<script" not in row.html
        assert not re.search(r'src="|url\(', row.html)
        desk = "" if row.recipient in clients else "equipe/"
        links = re.findall(r'href="([^"]+)"', row.html)
        assert {link for link in links if "/agir/[lien-personnel-" not in link or desk} == {
            f"http://testserver/{desk}tickets/KJC0E3R/"
        }
        if row.kind != "tickets.opened":
            said = "<script>alert(1)</script> & « {{7*7}} »"
            assert (said in row.text) == ("&lt;script&gt;" in row.html)
        for line in plain(row.text).splitlines():
            words = re.sub(r"http\S+", "", line).strip(" -")
            assert words in visible(row.html).replace("\n", " ") or words in (
                "Accès : Voir Ticket",
                "Ouvrir le ticket",
            ), (row.kind, words)


def test_decision_28_every_mail_of_a_ticket_has_one_subject(every_kind: set[str]) -> None:
    rows = list(OutgoingEmail.objects.filter(about="ticket:KJC0E3R"))
    assert {row.subject for row in rows} == {"[KJC0E3R] Problème à la création d'une inscription"}
    assert len({row.title for row in rows}) == len(every_kind) - 1  # both sides' comments have the same title
    for row in rows:
        assert "KJC0E3R" in row.title
        assert "None" not in row.title + row.text + row.html


def test_decision_28_what_happened_stands_first_in_the_preview_line(every_kind: set[str]) -> None:
    for row in OutgoingEmail.objects.filter(about="ticket:KJC0E3R"):
        lines = visible(row.html).splitlines()
        in_text = [line for line in plain(row.text).splitlines() if not line.startswith("Bonjour")]
        assert lines[0].startswith(in_text[0][:60])


def test_the_team_is_never_promised_what_it_does_itself(every_kind: set[str], world: World) -> None:
    staff = set(User.objects.filter(kind="staff").values_list("email", flat=True))
    texts = [row.text for row in OutgoingEmail.objects.filter(about="ticket:KJC0E3R", recipient__in=staff)]
    assert texts
    for text in texts:
        assert not re.search(r"[Nn]ous (prendrons|avertirons|en avons)|Bonjour|Pour rappel|L.équipe Léni", text), text


def test_decision_28_r83_the_real_messages_of_a_whole_life_are_one_thread(every_kind: set[str], smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    OutgoingEmail.objects.update(next_try=clock.now())
    delivery.deliver()
    about = [message for message in smtp.messages if "KJC0E3R" in str(message["Subject"])]
    assert len(about) == OutgoingEmail.objects.filter(about="ticket:KJC0E3R", state="sent").count() > len(every_kind)
    assert {str(message["Subject"]) for message in about} == {"[KJC0E3R] Problème à la création d'une inscription"}
    assert {message["References"] for message in about} == {"<ticket.KJC0E3R@testserver>"}
    assert {message["In-Reply-To"] for message in about} == {"<ticket.KJC0E3R@testserver>"}
    assert len({message["Message-ID"] for message in about}) == len(about)
