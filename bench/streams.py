"""`python -m bench.streams`: the cost of open streams to readers of pages, and the delay of an event."""

import argparse
import json
import socket
import statistics
import tempfile
import threading
import time

from bench.measure import RESULTS, prepared
from bench.people import Person
from bench.serving import PRODUCT, Server, serving
from bench.works import asked, first_of, said
from calypso.demo.vocabulary import CLIENT, MEMBER, PASSWORD, WRITER

CLIENTS, SECONDS, ROUNDS = 8, 3, 3


class Streams:
    """Open pages: sockets read by one thread."""

    def __init__(self, port: int, cookies: list[str], topic: str) -> None:
        self.open: list[socket.socket] = []
        for cookie in cookies:
            link = socket.create_connection(("127.0.0.1", port))
            link.sendall(f"GET /direct/?sujet={topic} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
            self.open.append(link)
        self.refused = sum(b" 200 " not in link.recv(200) for link in self.open)

    def close(self) -> None:
        """Closes the sockets."""
        for link in self.open:
            link.close()


def main() -> None:
    """Measures pages without and with streams, in turn; then how soon a stream tells of an act."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--folder", default="")
    options = parser.parse_args()
    environment, engine = prepared(options.folder or tempfile.mkdtemp(prefix="calypso-bench-"), options.tickets)
    with serving(PRODUCT, environment) as server:
        report = _measured(server, options.streams)
    report |= {"engine": engine, "tickets": options.tickets, "streams": options.streams}
    print(json.dumps(report, indent=1))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{engine}-streams.json").write_text(json.dumps(report, indent=1) + "\n")


def _measured(server: Server, streams: int) -> dict[str, object]:
    port = server.port
    client, member = Person(port).sign_in(CLIENT, PASSWORD), Person(port).sign_in(MEMBER, PASSWORD)
    project = first_of(client.get("/projets/").text, r'href="(/projets/q\d+/)"')
    ticket = first_of(client.get(project).text, r'href="(/tickets/\w+/)"')
    sessions = [Person(port).sign_in(CLIENT, PASSWORD).cookie_header() for _ in range(-(-streams // 10))]
    topic = f"ticket:{ticket.split('/')[2]}"
    rates: dict[str, list[float]] = {"without": [], "with": []}
    costs: dict[str, list[float]] = {"without": [], "with": []}
    refused = idle = 0.0
    for _ in range(ROUNDS):
        for name, rate in rates.items():
            held = Streams(port, [sessions[n % len(sessions)] for n in range(streams * (name == "with"))], topic)
            refused += held.refused
            before = server.cpu()
            time.sleep(SECONDS if held.open else 0)
            idle = max(idle, (server.cpu() - before) / SECONDS * 100)
            before = server.cpu()
            count = _read(port, ticket)
            rate.append(count / SECONDS)
            costs[name].append((server.cpu() - before) / count * 1000)
            held.close()
    return {
        "pages a second": {name: round(statistics.median(values), 1) for name, values in rates.items()},
        "cpu ms a page": {name: round(statistics.median(values), 2) for name, values in costs.items()},
        "refused": refused,
        "cpu of idle streams, % of a core": round(idle, 1),
        "memory MiB": round(server.memory()),
        "seconds until heard": _heard(port, member),
    }


def _read(port: int, path: str) -> int:
    """Returns how many pages `CLIENTS` clients read in `SECONDS` seconds."""
    people = [Person(port).sign_in(CLIENT, PASSWORD) for _ in range(CLIENTS)]
    counts, end = [0] * CLIENTS, time.monotonic() + SECONDS

    def run(place: int) -> None:
        while time.monotonic() < end:
            people[place].get(path)
            counts[place] += 1

    threads = [threading.Thread(target=run, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def _heard(port: int, member: Person) -> dict[str, float]:
    """Measures the seconds from the answer to a comment until the event, on a ticket that no other measure reads."""
    writer = Person(port).sign_in(WRITER, PASSWORD)
    project = first_of(writer.get("/projets/").text, r'href="(/projets/q\d+/)"')
    form = writer.get(f"{project}tickets/nouveau/").text
    ticket = writer.post(f"{project}tickets/nouveau/", form, **asked()).location.partition("?")[0]
    held = Streams(port, [writer.cookie_header()], f"ticket:{ticket.split('/')[2]}")
    (link,) = held.open
    link.settimeout(10)
    waits = []
    for _ in range(20):
        page = member.get(f"/equipe{ticket}").text
        member.post(f"/equipe{ticket}envoyer/", page, act="comment", body=said())
        start = time.monotonic()
        while b"event: change" not in link.recv(4096):
            pass
        waits.append(time.monotonic() - start)
    held.close()
    return {"median": round(statistics.median(waits), 2), "p95": round(sorted(waits)[18], 2)}


if __name__ == "__main__":
    main()
