"""The demonstration world, exactly (must show H): people, projects, counters, references, histories."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from calypso.base import clock
from tests import recount
from tests.installation import SAID, Installation, installation, prepared

# Every date is the guide's moved by one whole number of weeks: read back here, so that the guide's stand below.
READ = """
import json
from datetime import date, timedelta
from django.utils import timezone
from calypso.accounts.models import User
from calypso.base import clock
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.projects.models import Project
from django.apps import apps
from calypso.acceptance.models import Batch, BatchItem
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent
from calypso.tickets.workflow import STATES
loaded = timezone.localdate(Ticket.objects.get(reference="2GBS0DW").created_at)  # the ticket of the day
weeks = timedelta(weeks=(loaded - date(2019, 4, 2) - timedelta(days=1)).days // 7)
def guide(instant, shape="%d/%m/%Y"):
    return (timezone.localtime(instant).replace(tzinfo=None) - weeks).strftime(shape)
projects = {}
for project in Project.objects.select_related("organization", "client_manager"):
    sections = {"to_complete": 0, "processed": 0, "in_progress": 0, "closed": 0}
    for ticket in Ticket.objects.filter(project=project):
        sections[STATES[ticket.state_now].section.value] += 1
    projects[project.name] = [
        project.organization.name, project.phase, project.client_manager.full_name if project.client_manager else "",
        str(project.event_date - weeks if project.event_date else ""), list(sections.values()), project.restricted, project.is_archived,
    ]
tickets = {
    t.reference: [guide(t.created_at), t.author.full_name, t.state, t.priority_now.label, t.title, t.last_comment, t.context]
    for t in Ticket.objects.select_related("author")
}
history = [
    [guide(e.created_at, "%d/%m/%Y %H:%M"), e.state, e.actor.full_name, e.body]
    for e in TicketEvent.objects.select_related("actor").filter(ticket__reference="OK899Q5").order_by("created_at", "id")
]
recap = [
    [guide(e.created_at, "%H:%M"), e.state, e.actor.full_name, e.body]
    for e in TicketEvent.objects.select_related("actor").filter(ticket__reference="BU8MWBC").order_by("-created_at", "-id")
]
print(json.dumps({
    "people": [[u.civility, u.full_name, u.email, u.has_connected, u.kind] for u in User.objects.order_by("id")],
    "projects": projects, "tickets": tickets, "history": history, "recap": recap,
    "states": sorted(set(Ticket.objects.values_list("state", flat=True))),
    "priorities": sorted(set(Ticket.objects.values_list("declared_priority", flat=True))),
    "notes": TicketEvent.objects.filter(internal=True).count(),
    "followed": Ticket.objects.filter(follower__isnull=False).count(),
    "files": Attachment.objects.count(),
    "retained": Ticket.objects.exclude(priority_reason="").count(),
    "all": [
        model.__name__
        for room in ("tickets", "search", "sla", "phases", "acceptance", "teamwork")
        for model in apps.get_app_config(room).get_models()
        if not model.objects.exists()
    ],
    "batches": [bool(batch.published_at) + bool(batch.finished_at) for batch in Batch.objects.order_by("id")],
    "mails": sorted(set(OutgoingEmail.objects.values_list("state", flat=True))),
    "loaded": str(loaded),
    "weekday": (date(2019, 4, 2) + weeks).strftime("%A"), "last_day": (loaded - date(2019, 4, 2) - weeks).days,
    "oldest": (loaded - timezone.localdate(Ticket.objects.filter(project__archived_at=None).earliest("created_at").created_at)).days,
    "levels": sorted(set(Ticket.objects.filter(due_at__isnull=False).values_list("project__phase", flat=True))),
    "live": [
        (loaded - timezone.localdate(t.created_at)).days
        for t in Ticket.objects.filter(project__phase="live", project__archived_at=None).exclude(state="closed")
    ],
    "late_tonight": [
        t.reference for t in Ticket.objects.exclude(state="closed").filter(due_at__lt=clock.start_of(loaded + timedelta(days=1)))
    ],
    "unseen": Notification.objects.filter(seen_at=None).count(),
    "pictures": Attachment.objects.filter(media_type="image/png", ticket__state__in=["new", "assigned", "waiting"]).count(),
    "drafts": list(Draft.objects.values_list("owner__last_name", flat=True)),
    "under_review": [item.decision for item in BatchItem.objects.filter(batch__name="Lot de la campagne")],
}))
"""


# For each person who reads figures, on a few periods: what the dashboard says, what plain SQL counts.
FIGURES = """
import json
from datetime import date, timedelta
from calypso.accounts.models import User
from calypso.base.period import Period
from calypso.reporting.dashboard import dashboard
from calypso.teamwork.queries.queue import QueueFilters

def of(measures, known):
    return {name: getattr(measures, name) for name in known}

both = []
for email, mine in (("xavier.brosset@leni.example", False), ("xavier.cdpclient@leni-tests.example", True)):
    person = User.objects.get(email=email)
    within = f"t.project_id IN (SELECT id FROM projects_project WHERE client_manager_id = {person.pk})" if mine else "1 = 1"
    for first, last in ((90, 0), (24, 17), (700, 3)):  # days ago
        period = Period(date.today() - timedelta(days=first), date.today() - timedelta(days=last))
        board = dashboard(person, period, QueueFilters())
        groups = [(board.overall, "1 = 1")]
        for column, rows in (("project_id", board.projects.groups), ("organization_id", board.organizations.groups), ("assignee_id", board.assignees.groups if board.assignees else [])):
            groups += [(g.measures, f"t.{column} = {g.row.pk}" if g.row else f"t.{column} IS NULL") for g in rows]
        for measures, where in groups:
            counted = recount(*period.instants, f"{within} AND {where}")
            if mine:
                counted |= {"measured": 0, "in_time": 0}
            both.append([of(measures, counted), counted])
print(json.dumps(both))
"""

pytestmark = pytest.mark.xdist_group("demonstration")  # loaded once


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    like = prepared("demonstration", tmp_path_factory)
    with installation(tmp_path_factory.mktemp("demo"), like=like) as made:
        yield _read(made, (like.parent / SAID).read_text(encoding="utf-8"))


def _read(made: Installation, first: str) -> dict:
    again = made.run("demo")
    told = {
        **json.loads(made.python(READ)),
        "figures": json.loads(made.python(Path(recount.__file__).read_text() + FIGURES)),
    }
    return {**told, "said": [first, again, made.run("demo", "--show")]}


def test_it_is_loaded_once_and_says_who_signs_in(shown: dict) -> None:
    first, again, asked = shown["said"]
    assert "calypso1" in first
    assert "rien n'est changé" in again
    assert "calypso-equipe-2026" in asked


@pytest.mark.checklist("S29-S36", "S131-S136")
def test_the_projects_and_their_counters(shown: dict) -> None:
    projects = shown["projects"]
    assert projects["Billetterie Salon Paris"].pop(3)
    assert projects["Extranet Exposants Festival du jeu"][3]
    projects["Extranet Exposants Festival du jeu"][3] = ""  # a few days ago
    assert projects == {
        "Extranet Exposants Salon des loisirs 2019": [
            "LENI - TESTS",
            "live",
            "Xavier CDPCLIENT",
            "",
            [2, 0, 15, 7],
            False,
            False,
        ],
        "Projet Montreuil Exploitation": ["LENI - TESTS", "live", "", "", [0, 0, 0, 0], False, False],
        "Projet Montreuil Olivier Recette": [
            "LENI - TESTS",
            "setup",
            "Olivier TEST - JOLY",
            "",
            [0, 0, 0, 0],
            False,
            False,
        ],
        "PE et Extranet Visiteurs Salon de loisirs 2019": [
            "LENI - TESTS",
            "live",
            "Sophie DUPONT",
            "2018-12-12",
            [0, 0, 2, 0],
            False,
            False,
        ],
        "Projet de Test de gestion du Ticketing": [
            "LENI - TESTS",
            "setup",
            "Xavier CDPCLIENT",
            "2019-01-28",
            [1, 2, 11, 5],
            False,
            False,
        ],
        "Billetterie Salon Paris": ["SALON PARIS", "live", "Claire MOREAU", [1, 1, 3, 2], False, False],
        "Badges Salon Paris": ["SALON PARIS", "setup", "Claire MOREAU", "", [0, 0, 1, 0], True, False],
        "Extranet Exposants Festival du jeu": [
            "LENI - TESTS",
            "live",
            "Sophie DUPONT",
            "",
            [0, 0, 0, 90],
            False,
            True,
        ],
        "Salon des loisirs 2018": ["LENI - TESTS", "live", "Xavier CDPCLIENT", "2018-02-10", [0, 0, 0, 3], False, True],
    }


def test_the_people(shown: dict) -> None:
    people = {email: (civility, name, connected, kind) for civility, name, email, connected, kind in shown["people"]}
    assert len(people) == 15
    assert people["jacques.martin@leni-tests.example"] == ("M.", "Jacques MARTIN", False, "client")
    assert people["testjco@leni-tests.example"] == ("", "Test jco TEST JCO", True, "client")
    assert people["agathe.vidal@agence.example"] == ("Mme", "Agathe VIDAL", True, "client")
    assert people["sincere.brandy@leni.example"] == ("Mme", "Sincère BRANDY", True, "staff")
    assert [email for email, (_, _, connected, _) in people.items() if not connected] == [
        "jacques.martin@leni-tests.example"
    ]


XD, XC = "Xavier DECLARANT", "Xavier CDPCLIENT"


@pytest.mark.checklist("S42-S51")
def test_the_tickets_of_the_guide(shown: dict) -> None:
    expected = {
        "OK899Q5": ["04/02/2019", XC, "waiting", "Moyenne", "6ème Ticket", "Ok j'en prépare un"],
        "TWUOEMC": ["12/02/2019", XD, "processed", "Élevée", "Dixième Ticket de test", "Test"],
        "5VH8E3Z": ["28/01/2019", XC, "processed", "Élevée", "Premier Ticket", "Ok c'est traité"],
        "WDH00P9": ["02/04/2019", XD, "new", "Élevée", "Seizième ticket", ""],
        "KJC0E3R": ["28/03/2019", XD, "new", "Bloquant", "Problème à la création d'une inscription", ""],
        "Z6M1H8K": ["28/03/2019", XD, "new", "Élevée", "Quatorzième Ticket", ""],
        "OWHK9PS": ["18/03/2019", XD, "new", "Moyenne", "3ème création de test", ""],
        "5UJ4V0P": ["14/03/2019", XD, "new", "Moyenne", "Septième ticket", ""],
        "9RO050C": ["07/03/2019", XD, "new", "Faible", "Treizieme Ticket", "Attendre notre GO"],
        "VHBS48F": ["12/02/2019", XD, "returned", "Bloquant", "Onzième Ticket de test", "Test email avec lien"],
        "VD5C97E": ["12/02/2019", XD, "returned", "Bloquant", "Neuvième Ticket de test", "C'est à peine ça"],
        "APBQZM0": ["06/02/2019", XD, "assigned", "Élevée", "Septième Ticket", "C'est assez urgent"],
        "G67TT09": ["04/02/2019", XD, "rd", "Moyenne", "5ème ticket", "Ok j'attends votre retour"],
    }
    found = {reference: row[:6] for reference, row in shown["tickets"].items() if reference in expected}
    assert found == expected
    assert shown["tickets"]["KJC0E3R"][6] == "C'est urgent le site est en production depuis ce matin"
    assert shown["tickets"]["2GBS0DW"][2:5] == ["new", "Moyenne", "Dix septième ticket"]


@pytest.mark.checklist("S77", "S78")
def test_the_history_of_the_guide(shown: dict) -> None:
    told = [row for row in shown["history"] if row[3]]
    assert told[:7] == [
        ["12/02/2019 12:02", "in_progress", "Sincère BRANDY", "Je commence"],
        ["12/02/2019 12:05", "in_progress", "Xavier DECLARANT", "Ok super j'attends de vos nouvelles"],
        ["12/02/2019 12:08", "waiting", "Xavier BROSSET", "Nous avons besoin d'un exemple plus précis"],
        ["12/02/2019 12:17", "returned", "Xavier CDPCLIENT", "Bonjour En voici un en pièce jointe"],
        ["12/02/2019 12:22", "rd", "Sincère BRANDY", "j'attends une réponse du R&D"],
        ["12/02/2019 12:23", "rd", "Xavier CDPCLIENT", "Ok merci"],
        ["12/02/2019 12:27", "follow_up", "Xavier BROSSET", "Je reprend ce ticket en suivi"],
    ]
    assert told[-1] == ["29/03/2019 14:17", "waiting", "Xavier CDPCLIENT", "Ok j'en prépare un"]


@pytest.mark.checklist("S99")
def test_the_recap_sheet_of_the_guide(shown: dict) -> None:
    assert shown["recap"][:4] == [
        ["11:36", "closed", "Xavier TEST - BROSSET", "Ok c'est bon je clôture. Merci"],
        ["11:35", "processed", "Xavier BROSSET", "Cette fois c'est vraiment Ok Désolé"],
        ["11:33", "returned", "Xavier TEST - BROSSET", "tenez moi au courant rapidement ça urge"],
        ["11:33", "returned", "Xavier TEST - BROSSET", "Non c'est à peine ça :("],
    ]
    assert shown["recap"][-1][1:3] == ["new", "Xavier DECLARANT"]


def test_it_shows_everything_the_product_does(shown: dict) -> None:
    assert len(shown["states"]) == 9
    assert shown["priorities"] == ["1", "2", "3", "4"]
    assert min(shown["notes"], shown["followed"], shown["files"], shown["retained"]) >= 1
    assert shown["mails"] == ["sent"]
    assert shown["batches"] == [2, 1, 0], "one reviewed to its record, one to review, one to publish"
    assert set(shown["all"]) == {"BulkOrder", "DraftFile", "Presence"}


def test_it_is_a_team_at_work_not_a_museum(shown: dict) -> None:
    assert date.fromisoformat(shown["loaded"]) in (clock.today(), clock.today() - timedelta(days=1))
    assert shown["weekday"] == "Tuesday"
    assert 1 <= shown["last_day"] <= 7, "2 April is the latest Tuesday before the day of loading"
    assert shown["oldest"] < 120
    assert shown["levels"] == ["live"]
    assert max(shown["live"]) <= 10
    assert 1 <= len(shown["late_tonight"]) <= 4
    assert shown["unseen"] >= 2
    assert shown["pictures"] >= 2
    assert shown["drafts"] == ["BRANDY"]
    assert sorted(shown["under_review"]) == ["", "close", "return", "return", "return"]


def test_the_dashboard_equals_a_recount_by_plain_sql(shown: dict) -> None:
    """For the team and for a client manager, all together and by project, company and assignee."""
    assert [told for told, _counted in shown["figures"]] == [counted for _told, counted in shown["figures"]]
    assert len(shown["figures"]) > 30
    whole = shown["figures"][0][0]
    assert all(whole[name] for name in whole), whole
