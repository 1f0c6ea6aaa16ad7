"""The twelve weeks of a project that has just ended: some ninety closed tickets, which give the dashboard its curves."""

from collections.abc import Iterator
from itertools import count, cycle

from calypso.demo.people import LENI_TESTS
from calypso.demo.script import BLOCKING, HIGH, LOW, MEDIUM, Act, Chapter, Story, taken

PER_WEEK = (3, 4, 5, 7, 8, 10, 12, 13, 11, 8, 6, 3)  # tickets opened: the closer the event, the more
WORKING_DAYS = 5
LAST = 6  # working days ago: when the last week of the project ended

SUBJECTS = (
    ("Badge de {who} : le prénom est coupé à l'impression", "La mise en page garde deux lignes."),
    ("{who} ne reçoit pas l'e-mail de confirmation", "L'adresse était en erreur, le message est reparti."),
    ("Facture de {who} : l'adresse du siège est à corriger", "La facture est rééditée."),
    ("Le stand de {who} n'apparaît pas sur le plan", "Le plan est régénéré."),
    ("{who} veut ajouter un second contact", "Le second contact a son accès."),
    ("Commande de {who} : la moquette est comptée deux fois", "La ligne en double est retirée."),
    ("Logo de {who} déformé dans le catalogue", "Le logo est recadré."),
    ("{who} ne peut pas déposer son attestation d'assurance", "Le dépôt accepte les fichiers de 20 Mo."),
    ("Code promotionnel refusé pour {who}", "Le code est prolongé jusqu'à la fin du mois."),
    ("{who} demande son dossier technique en anglais", "Le dossier anglais est en ligne."),
    ("Horaire de montage de {who} à avancer d'une heure", "Le créneau est avancé."),
    ("La liste des animations de {who} ne s'enregistre pas", "La limite de longueur est levée."),
)
EXHIBITORS = (
    "Atelier du Jeu",
    "Voyages Océan",
    "Les Bois d'Or",
    "Plume et Pixel",
    "Grand Air",
    "La Ludo",
    "Cap Nature",
    "Meeple & Co",
)
CLIENTS = ("sophie", "declarant", "olivier", "agathe")
HOURS = ("09:10", "10:25", "11:40", "14:05", "15:30", "16:45")
PRIORITIES = (MEDIUM, MEDIUM, LOW, HIGH, MEDIUM, LOW, MEDIUM, HIGH, MEDIUM, MEDIUM, LOW, BLOCKING)
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"


def _references() -> Iterator[str]:
    """Yields references that no other story has, and that are the same at each loading."""
    for number in count():
        yield f"F{_LETTERS[number // 23]}{_LETTERS[number % 23]}J4ZQ"


def _stories() -> Iterator[Story]:
    references, hours, clients, priorities = _references(), cycle(HOURS), cycle(CLIENTS), cycle(PRIORITIES)
    names, subjects = cycle(EXHIBITORS), cycle(SUBJECTS)
    for week, number in enumerate(PER_WEEK):
        for rank in range(number):
            day = LAST + WORKING_DAYS * (len(PER_WEEK) - week) - rank * WORKING_DAYS // number
            title, answer = next(subjects)
            yield _story(
                next(references),
                day,
                next(hours),
                next(clients),
                next(priorities),
                title.format(who=next(names)),
                answer,
            )


def _story(reference: str, day: int, hour: str, client: str, priority: str, title: str, answer: str) -> Story:
    """A ticket that lived two to six working days; every fifth was asked about, every ninth came back once."""
    number = sum(map(ord, reference))
    agent = "ps" if number % 3 else "sb"
    acts = list(taken(f"J-{day} 17:10", agent, "Nous regardons."))
    done = day - 1 - (number % 4 == 0)
    if number % 5 == 0:
        acts += [
            Act(f"J-{done} 09:20", agent, "ask_client", "Pouvez-vous nous envoyer une copie d'écran ?"),
            Act(f"J-{done} 11:05", client, "return", "La voici.", ("capture-inscription.png",) if number % 2 else ()),
        ]
    acts.append(Act(f"J-{done} 14:30", agent, "process", answer))
    if number % 9 == 0:
        acts += [
            Act(f"J-{done} 16:20", client, "return", "Pas encore, de mon côté."),
            Act(f"J-{done - 1} 10:40", agent, "process", "Le cache est vidé : c'est visible maintenant."),
        ]
    acts.append(Act(f"J-{done - 2} 09:15", client, "close", "" if number % 2 else "Merci !"))
    context = "L'exposant est au téléphone" if priority in (HIGH, BLOCKING) else ""
    return Story(reference, f"J-{day} {hour}", client, priority, title, tuple(acts), context=context)


SEASON = Chapter(
    "Extranet Exposants Festival du jeu",
    LENI_TESTS,
    created="J-78 09:00",
    client_manager="sophie",
    live_on="J-74 09:00",
    event="J-4",
    archived_on="J-1 18:00",
    stories=tuple(_stories()),
)
