"""The works that are measured: what people do most."""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import quote

from bench.people import Answer, Person, Work
from calypso.demo import vocabulary
from calypso.demo.vocabulary import CLIENT, MEMBER, PASSWORD, WRITER

# New texts resemble those of the installation: the newest tickets hold the common words that others hold.
CHANCE = Random()  # noqa: S311 - of a made-up installation


def said() -> str:
    """Returns a few sentences."""
    return " ".join(vocabulary.paragraph(CHANCE, vocabulary.SENTENCES, 3))


def asked() -> dict[str, str]:
    """Returns the fields of a new ticket."""
    return {"title": vocabulary.title(CHANCE), "description": said(), "priority": "2"}


def works(port: int) -> list[Work]:
    """Returns the works, on the server that listens to `port`."""
    client = Person(port).sign_in(CLIENT, PASSWORD)
    member = Person(port).sign_in(MEMBER, PASSWORD)
    project = first_of(client.get("/projets/").text, r'href="(/projets/q\d+/)"')
    ticket = first_of(client.get(project).text, r'href="(/tickets/\w+/)"')
    # Writes go to another company, so that the pages that are read stay as they are.
    writer = Person(port).sign_in(WRITER, PASSWORD)
    other = re.findall(r'href="(/projets/q\d+/)"', writer.get("/projets/").text)[-1]

    def reading(name: str, person: Person, path: str, times: int = 40) -> Work:
        email = CLIENT if person is client else MEMBER

        def crowd() -> Callable[[], object]:
            own = Person(port).sign_in(email, PASSWORD)
            return lambda: own.fetch(path)

        return Work(name, lambda: person.get(path), times=times, crowd=crowd)

    def sign_in() -> Answer:
        person = Person(port)
        return person.post("/connexion/", person.get("/connexion/").text, email=CLIENT, password=PASSWORD)

    def opened() -> tuple[object, ...]:
        return (writer.get(f"{other}tickets/nouveau/").text,)

    def create(page: str) -> Answer:
        return writer.post(f"{other}tickets/nouveau/", page, **asked())

    def creators() -> Callable[[], object]:
        own = Person(port).sign_in(WRITER, PASSWORD)
        page = own.get(f"{other}tickets/nouveau/").text

        def act() -> Answer:
            return own.post(f"{other}tickets/nouveau/", page, cle=secrets.token_hex(12), **asked())

        return act

    a_year_ago = datetime.now(UTC).date() - timedelta(days=364)
    written = create(*opened()).location.partition("?")[0]

    def seen() -> tuple[object, ...]:
        return (writer.get(written).text,)

    def comment(page: str) -> Answer:
        return writer.post(f"{written}envoyer/", page, act="comment", body=said())

    def fresh() -> tuple[object, ...]:
        made = create(*opened()).location.partition("?")[0]
        return made, writer.get(made).text

    def close(path: str, page: str) -> Answer:
        return writer.post(f"{path}envoyer/", page, act="close", body="Merci")

    return [
        reading("projects", client, "/projets/"),
        reading("project", client, project),
        reading("ticket", client, ticket),
        reading("my tickets", client, "/tickets/"),
        reading("closed search, common word", client, f"{project}clos/?q=badge"),
        reading("closed search, rare word", client, f"{project}clos/?q=kakemono"),
        reading("search, common word", client, "/recherche/?q=constatons"),
        reading("search, rare word", client, "/recherche/?q=kakemono"),
        reading("search, thirty answers", client, f"/recherche/?q={answered(client, 30)}"),
        reading("search, reference", client, f"/recherche/?q={ticket.split('/')[2]}"),
        reading("search, misspelled", client, "/recherche/?q=kakemonno"),
        reading("desk search, common word", member, "/equipe/recherche/?q=constatons"),
        reading("desk search, rare word", member, "/equipe/recherche/?q=kakemono"),
        reading("queue", member, "/equipe/"),
        reading("queue, filtered", member, "/equipe/?phase=live&priorite=4&etat=waiting"),
        reading("queue, common word", member, "/equipe/?q=badge", times=10),
        reading("queue, rare word", member, "/equipe/?q=kakemono", times=10),
        reading("queue, by title", member, "/equipe/?tri=libelle", times=20),
        reading("queue, by title, page 300", member, "/equipe/?tri=libelle&page=300", times=20),
        reading("closed queue, by project", member, "/equipe/?etat=closed&tri=projet", times=10),
        reading("closed queue, common word", member, "/equipe/?etat=closed&q=badge", times=10),
        reading("dashboard, thirty days", member, "/equipe/tableau-de-bord/", times=10),
        reading("dashboard, a year", member, f"/equipe/tableau-de-bord/?du={a_year_ago}", times=5),
        reading("client's dashboard, a year", client, f"/tableau-de-bord/?du={a_year_ago}", times=10),
        reading("board", member, "/equipe/tableau/", times=20),
        reading("desk ticket", member, f"/equipe{ticket}"),
        Work("sign in", sign_in, times=10),
        Work("create", create, opened, crowd=creators, clients=4),
        Work("comment", comment, seen),
        Work("close", close, fresh, times=20),
    ]


def answered(person: Person, number: int) -> str:
    """Returns the word that about `number` tickets of the person hold: rare among many tickets, common among few.

    It compares the cost of a search between sizes with as much to show.
    """
    told = re.compile(r"(\d+) tickets? correspond")
    known = set(re.findall(r"[^\W\d_]{5,}", " ".join(vocabulary.everything())))
    counts = {}
    for word in sorted(known):
        if found := told.search(person.get(f"/recherche/?q={quote(word)}").text):
            counts[word] = int(found[1])
    return quote(min(counts, key=lambda word: abs(counts[word] - number)))


def first_of(page: str, pattern: str) -> str:
    """Returns what the pattern captures in a page. Raises RuntimeError when nothing matches."""
    found = re.search(pattern, page)
    if found is None:
        raise RuntimeError(f"nothing looks like {pattern}")
    return found[1]
