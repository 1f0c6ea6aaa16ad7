"""Demonstration data besides the stories: batches, teams, links, known issues, to-do lists, time, satisfaction.

Everything goes through the product's actions, with the clock set to each date, after the stories are loaded.
"""

from collections.abc import Mapping
from datetime import timedelta

from calypso.acceptance.actions import build_batch, publish_batch
from calypso.accounts.actions.teams import save_team
from calypso.accounts.models import User
from calypso.base import clock
from calypso.demo.script import instant
from calypso.phases.actions import propose_phase
from calypso.projects.actions import Facts, change_project
from calypso.projects.models import Project
from calypso.teamwork.actions.canned_replies import save_reply
from calypso.teamwork.actions.links import join_issue, link, open_issue
from calypso.teamwork.actions.rd_reference import refer
from calypso.teamwork.actions.saved_views import save_view
from calypso.teamwork.actions.time_entries import add_time
from calypso.teamwork.actions.todo import add_todo, set_done
from calypso.tickets.actions.dispatch import act
from calypso.tickets.actions.following import set_following
from calypso.tickets.actions.rating import rate
from calypso.tickets.models import Ticket
from calypso.tickets.satisfaction import Satisfaction

type People = Mapping[str, User]

# Batches of « Billetterie Salon Paris »: (built, name, note, prepared (reference, words), published).
BATCHES = (
    (
        "18/02/2019 16:00",
        "Lot de février",
        "Tarifs et e-mail d'achat : à vérifier sur le parcours mobile, puis dans un e-mail reçu.",
        (("C8NV3TW", "Le tarif est de nouveau proposé."), ("F5KB9XH", "Corrigé.")),
        True,
    ),
    (
        "12/03/2019 10:00",
        "Lot de mars",
        "Un filtre de plus dans les statistiques.",
        (("K7ZD4MC", "Le filtre « Canal » est ajouté au-dessus du graphique."),),
        True,
    ),
    (
        "25/03/2019 11:00",
        "Lot d'avril",
        "La vente en ligne tient la charge de la campagne.",
        (("M6RJ2VB", "Le serveur de vente est doublé, la page s'affiche."),),
        False,
    ),
)
DECISIONS = (
    ("18/02/2019 17:10", "claire", "C8NV3TW", "Parfait"),
    ("19/02/2019 08:30", "agathe", "F5KB9XH", ""),
)
REPLIES = (
    (
        "Quel navigateur ?",
        "Bonjour {prénom},\n\nPouvez-vous nous dire avec quel navigateur, et nous joindre une copie d'écran ?",
    ),
    (
        "Pris en compte",
        "Bonjour {prénom},\n\nVotre demande {référence} est bien prise en compte : nous revenons vers vous.",
    ),
)
TODOS = ("Relever l'adresse de la page", "Essayer sur un téléphone", "Prévenir le support de la billetterie")


def tell(people: People) -> None:
    """Adds the extras, once the stories are loaded."""
    _batches(people)
    with clock.set_to(instant("02/04/2019 15:00")):
        save_team(people["admin"], name="Équipe exploitation", members={people["sb"].key, people["ps"].key})
        save_view(people["xb"], name="Bloquants en exploitation", query="priorite=4&phase=live", shared=True)
        for name, body in REPLIES:
            save_reply(people["xb"], name=name, body=body, shared=True)
        _work(people)
        _relations(people)
        badges = Project.objects.select_related("organization", "client_manager", "vendor_manager").get(
            name="Badges Salon Paris"
        )
        propose_phase(people["xb"], project=badges, note="Les badges partent à l'impression lundi.", fates=())


def _batches(people: People) -> None:
    xb, sb = people["xb"], people["sb"]
    project = Project.objects.get(name="Billetterie Salon Paris")
    facts = Facts(
        name=project.name,
        event_date=project.event_date,
        vendor_manager=xb,
        client_manager=people["claire"],
        setup_agent=sb,
        support=people["ps"],
        by_batch=True,
        remind_days=5,
        asks_satisfaction=True,
    )
    with clock.set_to(instant("12/02/2019 18:00")):
        change_project(xb, project=project, facts=facts)
    for when, name, note, prepared, published in BATCHES:
        at = instant(when)
        for reference, words in prepared:
            with clock.set_to(at - timedelta(hours=1)):
                _act(sb, reference, "process", words)
        with clock.set_to(at):
            references = [reference for reference, _words in prepared]
            batch = build_batch(xb, project=project, name=name, note=note, references=references)
            if published:
                publish_batch(xb, batch=batch, seen_version=batch.version)
        for decided_on, client, reference, words in DECISIONS if name == BATCHES[0][1] else ():
            with clock.set_to(instant(decided_on)):
                _act(people[client], reference, "close", words)
                rate(people[client], ticket=_ticket(reference), answer=Satisfaction.SATISFIED)


def _work(people: People) -> None:
    ps, sb = people["ps"], people["sb"]
    hall = _ticket("H6TC2WP")
    lines = [add_todo(sb, ticket=hall, text=text) for text in TODOS]
    set_done(sb, ticket=hall, key=lines[0].key, done=True)
    add_time(sb, ticket=hall, spent="45 min", note="Reproduit sur trois téléphones")
    add_time(ps, ticket=hall, spent="1h30", note="Lecture des journaux du serveur de plans")
    set_following(people["xb"], ticket=hall, following="follow")
    rd_ticket = _ticket("G67TT09")
    refer(
        sb,
        ticket=rd_ticket,
        reference="RD-4127",
        url="https://suivi.leni.example/rd/4127",
        seen_version=rd_ticket.version,
    )


def _relations(people: People) -> None:
    sb = people["sb"]
    issue = open_issue(sb, ticket=_ticket("C5RW8YK"), title="Prestataire de paiement indisponible")
    join_issue(sb, ticket=_ticket("M6RJ2VB"), key=issue.key)
    link(sb, ticket=_ticket("X6PB2JW"), kind="follows", reference="N7GE4KT")
    link(sb, ticket=_ticket("Z6M1H8K"), kind="duplicate", reference="KJC0E3R")


def _act(by: User, reference: str, name: str, words: str) -> None:
    ticket = _ticket(reference)
    act(by, ticket=ticket, name=name, seen_version=ticket.version, body=words)


def _ticket(reference: str) -> Ticket:
    return Ticket.objects.select_related("project").get(reference=reference)
