"""Demonstration data besides the stories: batches, teams, links, known issues, to-do lists, time, satisfaction.

Everything goes through the product's actions, at its date among the stories.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.shortcuts import resolve_url

from calypso.acceptance.actions import build_batch, publish_batch
from calypso.accounts.actions.teams import save_team
from calypso.accounts.models import Organization, User
from calypso.demo import mails
from calypso.demo.script import TODAY, Deed, instant
from calypso.phases.actions import propose_phase
from calypso.projects.actions import Facts, change_project
from calypso.projects.models import Project
from calypso.teamwork.actions.canned_replies import save_reply
from calypso.teamwork.actions.client_notes import add_client_note
from calypso.teamwork.actions.links import join_issue, link, open_issue
from calypso.teamwork.actions.rd_reference import refer
from calypso.teamwork.actions.saved_views import save_view
from calypso.teamwork.actions.time_entries import add_time
from calypso.teamwork.actions.todo import add_todo, set_done
from calypso.tickets.actions import drafts
from calypso.tickets.actions.dispatch import act
from calypso.tickets.actions.following import set_following
from calypso.tickets.actions.rating import rate
from calypso.tickets.models import Draft, Ticket
from calypso.tickets.satisfaction import Satisfaction

type People = Mapping[str, User]

# Batches of « Billetterie Salon Paris »: (built, name, note, prepared (reference, words), published).
BATCHES = (
    (
        "J-6 16:00",
        "Premier lot",
        "Tarifs et e-mail d'achat : à vérifier sur le parcours mobile, puis dans un e-mail reçu.",
        (("C8NV3TW", "Le tarif est de nouveau proposé."), ("F5KB9XH", "Corrigé.")),
        True,
    ),
    (
        "J-4 16:00",
        "Lot de la campagne",
        "À vérifier sur un téléphone, puis dans les statistiques du jour.",
        (
            ("C8NV3TW", "Le tarif est proposé sur iPhone aussi."),
            ("K7ZD4MC", "Le filtre « Canal » est ajouté au-dessus du graphique."),
            ("M6RJ2VB", "Le serveur de vente est doublé, la page s'affiche."),
            ("P9TX5HN", "Le champ est demandé à l'étape des coordonnées."),
            ("R4CF8WK", "Le visuel est remplacé sur les quatre réseaux."),
        ),
        True,
    ),
    (
        "J-2 11:00",
        "Lot de la relance",
        "La vente en ligne tient la charge de la relance.",
        (("M6RJ2VB", "La file d'attente absorbe la pointe de 8 h 50."),),
        False,
    ),
)
# What the client decided, by the name of the batch: (when, who, ticket, step, words).
DECISIONS = {
    "Premier lot": (
        ("J-5 08:30", "agathe", "F5KB9XH", "close", ""),
        ("J-5 09:10", "claire", "C8NV3TW", "return", "Il n'apparaît toujours pas sur iPhone."),
    ),
    "Lot de la campagne": (
        ("J-3 09:00", "claire", "M6RJ2VB", "return", "Encore une page blanche à 8 h 50, le temps de la relance."),
        ("J-3 11:20", "hugo", "P9TX5HN", "return", "Le champ manque sur le billet imprimé."),
        ("J-3 17:10", "claire", "C8NV3TW", "close", "Parfait"),
        ("J-2 09:30", "agathe", "R4CF8WK", "return", "Le réseau professionnel montre encore l'ancien."),
    ),
}
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


def deeds(people: People) -> Iterator[Deed]:
    """Yields what else was done, and what happened today: what nobody has read yet, an answer being written."""
    yield instant("12/02/2019 18:00"), partial(_announce_by_batch, people)
    for batch in BATCHES:
        yield from _batch(people, *batch)
    yield instant("J-1 17:40"), partial(_yesterday, people)
    yield instant(TODAY), partial(_today, people)


def _yesterday(people: People) -> None:
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


def _today(people: People) -> None:
    mails.stranger()
    mails.answer(people["olivier"], "H6TC2WP", "Nous sommes sur place : le plan reste blanc sur les deux tablettes.")
    draft = {"kind": "reply", "body": "Bonjour,\n\nMerci pour ce second exemple : nous le comparons avec"}
    page = resolve_url("desk:ticket", "OK899Q5")
    drafts.keep_text(people["sb"], form_key="demonstration", purpose=Draft.Purpose.COMMENT, fields=draft, page=page)


def _announce_by_batch(people: People) -> None:
    project = Project.objects.get(name="Billetterie Salon Paris")
    facts = Facts(
        name=project.name,
        event_date=project.event_date,
        vendor_manager=people["xb"],
        client_manager=people["claire"],
        setup_agent=people["sb"],
        support=people["ps"],
        by_batch=True,
        remind_days=5,
        asks_satisfaction=True,
    )
    change_project(people["xb"], project=project, facts=facts)


def _batch(
    people: People, when: str, name: str, note: str, prepared: Sequence[tuple[str, str]], published: bool
) -> Iterator[Deed]:
    at = instant(when)
    for reference, words in prepared:
        yield at - timedelta(hours=1), partial(_act, people["sb"], reference, "process", words)
    yield at, partial(_build, people["xb"], name, note, [reference for reference, _words in prepared], published)
    for decided_on, client, reference, step, words in DECISIONS.get(name, ()):
        yield instant(decided_on), partial(_decide, people[client], reference, step, words)


def _build(manager: User, name: str, note: str, references: Sequence[str], published: bool) -> None:
    project = Project.objects.get(name="Billetterie Salon Paris")
    batch = build_batch(manager, project=project, name=name, note=note, references=references)
    if published:
        publish_batch(manager, batch=batch, seen_version=batch.version)


def _decide(client: User, reference: str, step: str, words: str) -> None:
    _act(client, reference, step, words)
    if step == "close":
        rate(client, ticket=_ticket(reference), answer=Satisfaction.SATISFIED)


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
    olivier = people["olivier"]
    add_client_note(sb, about=olivier, text="Sur place pendant le salon : un appel vaut mieux qu'un message.")
    company = Organization.objects.get(membership__user=olivier)
    add_client_note(people["xb"], about=company, text="Les bons de commande passent par leur service achats, le mardi.")


def _act(by: User, reference: str, name: str, words: str) -> None:
    ticket = _ticket(reference)
    act(by, ticket=ticket, name=name, seen_version=ticket.version, body=words)


def _ticket(reference: str) -> Ticket:
    return Ticket.objects.select_related("project").get(reference=reference)
