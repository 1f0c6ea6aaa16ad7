"""`python -m bench.measure`: fills an installation, serves it, measures it, prints a table, writes JSON."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.people import Answer, Person, Work
from bench.serving import FLOOR, PRODUCT, Server, interpreter, postgres_cpu, serving
from bench.works import works

RESULTS = Path(__file__).with_name("results")
SECONDS = 3
COLUMNS = ("p50", "p95", "cpu", "db", "ratio", "rate", "kilobytes", "hello")


@dataclass
class Figures:
    """The figures of one run of one work: milliseconds, except `ratio`, `rate` (requests a second) and `kilobytes`."""

    p50: float = 0.0
    p95: float = 0.0
    cpu: float = 0.0
    db: float = 0.0
    ratio: float = 0.0
    rate: float = 0.0
    kilobytes: float = 0.0
    hello: float = 0.0  # milliseconds that Django alone took in between: how fast the machine was


@dataclass
class Report:
    """Everything measured on one engine. Memory is in MiB, `cold_start` in seconds until the first answer."""

    engine: str
    tickets: int
    works: dict[str, list[Figures]] = field(default_factory=dict)
    python: str = ""  # the Python that served: compiled without optimisations, it takes a fifth more time
    memory: float = 0.0
    web_memory: float = 0.0
    cold_start: float = 0.0
    inside: dict[str, dict[str, float]] = field(default_factory=dict)


def main() -> None:
    """Measures the works that the options select."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tickets", type=int, default=20_000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--only", default="", help="works whose name holds one of these words, with commas between")
    asked.add_argument("--folder", default="", help="keeps, or takes up, the installation of this folder")
    options = asked.parse_args()
    environment, engine = prepared(options.folder or tempfile.mkdtemp(prefix="calypso-bench-"), options.tickets)
    version = subprocess.run([interpreter(), "-VV"], capture_output=True, text=True, check=True).stdout.strip()
    report = Report(engine, options.tickets, python=version)
    with (
        serving(FLOOR, {}) as floor,
        serving(PRODUCT, environment) as server,
    ):
        report.cold_start = server.first_answer
        found = [work for work in works(server.port) if any(part in work.name for part in options.only.split(","))]
        hello = Person(floor.port)
        for number in range(options.runs):
            for work in found:
                report.works.setdefault(work.name, []).append(_measure(work, server, hello))
            print(f"run {number + 1} of {options.runs}", file=sys.stderr)
        report.memory, report.web_memory = server.memory(), server.web_memory()
    inside = _calypso(environment, "shell", "-v0", "-c", "from bench.inside import tell; tell()", read=True)
    report.inside = json.loads(inside.strip().splitlines()[-1])
    _tell(report)


def prepared(folder: str, tickets: int) -> tuple[dict[str, str], str]:
    """Fills an installation in `folder` with that many tickets, unless done; returns its environment and engine."""
    engine = "postgresql" if os.environ.get("CALYPSO_DATABASE_URL", "").startswith("postgres") else "sqlite"
    environment = {"CALYPSO_VAR": folder, "CALYPSO_SITE_URL": "http://127.0.0.1:8000", "CALYPSO_LOG_LEVEL": "ERROR"}
    _calypso(environment, "migrate", "-v0")
    if not (Path(folder) / "filled").exists():
        _calypso(environment, "bench-data", "--tickets", str(tickets))
        (Path(folder) / "filled").touch()
    _calypso(environment, "collectstatic", "--noinput", "-v0")
    return environment, engine


def _calypso(environment: dict[str, str], *arguments: str, read: bool = False) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "calypso.ops.cli", *arguments],
        env={**os.environ, **environment, "PYTHONPATH": str(Path(__file__).parent.parent)},
        stdout=subprocess.PIPE if read else None,
        text=True,
        check=True,
    )
    return ran.stdout or ""


def _measure(work: Work, server: Server, hello: Person) -> Figures:
    """Measures one run of one work: alone, with hello in between, then by several clients at once."""
    answers: list[Answer] = []
    floor: list[float] = []
    web = database = 0.0
    for _ in range(3):
        work.act(*work.prepare())
    for _ in range(work.times):
        given = work.prepare()
        before, before_db = server.cpu(), postgres_cpu()
        answers.append(work.act(*given))
        web += server.cpu() - before
        database += postgres_cpu() - before_db
        floor.append(hello.get("/").seconds)
    seconds = sorted(answer.seconds for answer in answers)
    p50 = statistics.median(seconds)
    return Figures(
        p50=p50 * 1000,
        p95=seconds[int(len(seconds) * 0.95)] * 1000,
        cpu=web / work.times * 1000,
        db=database / work.times * 1000,
        ratio=p50 / statistics.median(floor),
        rate=_rate(work),
        kilobytes=answers[-1].size / 1000,
        hello=statistics.median(floor) * 1000,
    )


def _rate(work: Work) -> float:
    """Returns the requests a second of several clients at once; zero for a work without `crowd`."""
    if work.crowd is None:
        return 0.0
    acts = [work.crowd() for _ in range(work.clients)]
    counts = [0] * work.clients
    end = time.monotonic() + SECONDS

    def run(place: int, act: Callable[[], object]) -> None:
        while time.monotonic() < end:
            act()
            counts[place] += 1

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


def _tell(report: Report) -> None:
    told = f"{report.memory:.0f} MiB ({report.web_memory:.0f} in web processes), first answer {report.cold_start:.1f} s"
    print(f"\n{report.engine}, {report.tickets:,} tickets: {told}\n{report.python}\n")
    measured = ("p50 ms", "p95 ms", "cpu ms", "db ms", "× hello", "req/s", "kB", "hello ms")
    heads = ("work", *measured, "queries", "sql ms", "html ms")
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for name, runs in report.works.items():
        inside = report.inside.get(name, {})
        cells = [_spread([getattr(run, column) for run in runs]) for column in COLUMNS]
        more = [f"{inside[column]:g}" if column in inside else "" for column in ("queries", "sql", "html")]
        print(f"| {name} | " + " | ".join([*cells, *more]) + " |")
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{report.engine}-{report.tickets}.json"
    target.write_text(json.dumps(asdict(report), indent=1) + "\n")


if __name__ == "__main__":
    main()
