"""`python -m bench.compare with=src without=/tmp/other/src`: compares source trees on one installation.

Each tree is served by its own processes; each work is done with every tree before the next work, so that a busy machine
slows all of them. Prints processor milliseconds a request, the median of the runs, and the ratio to the first tree.
"""

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from bench.measure import prepared
from bench.people import Work
from bench.serving import PRODUCT, Server, postgres_cpu, serving
from bench.works import works

WARM = 8


def main() -> None:
    """Measures the trees that the arguments name, and prints the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("trees", nargs="+", help="NAME=FOLDER of each; the folder holds the package `calypso`")
    asked.add_argument("--tickets", type=int, default=20_000)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--only", default="", help="works whose name holds one of these words, with commas between")
    asked.add_argument("--json", default="", help="where the figures are written too")
    options = asked.parse_args()
    trees = dict(tree.split("=", 1) for tree in options.trees)
    environment, engine = prepared(tempfile.mkdtemp(prefix="calypso-bench-"), options.tickets)
    spent: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with contextlib.ExitStack() as stack:
        servers = {
            name: stack.enter_context(serving(PRODUCT, {**environment, **_tree(folder)}, 1))
            for name, folder in trees.items()
        }
        wanted = options.only.split(",")
        found = {
            name: [work for work in works(server.port) if any(part in work.name for part in wanted)]
            for name, server in servers.items()
        }
        for number in range(options.runs):
            for place, work in enumerate(found[next(iter(trees))]):
                for name, server in servers.items():
                    spent[work.name][name].append(_processor(found[name][place], server))
            print(f"run {number + 1} of {options.runs}", file=sys.stderr)
    _tell(engine, options.tickets, list(trees), spent)
    if options.json:
        Path(options.json).write_text(json.dumps({"engine": engine, "works": spent}, indent=1) + "\n")


def _tree(folder: str) -> dict[str, str]:
    """Returns the environment in which Python finds the package in this folder, not in the current one."""
    return {"PYTHONPATH": str(Path(folder).resolve()), "PYTHONSAFEPATH": "1"}


def _processor(work: Work, server: Server) -> float:
    """Returns the processor milliseconds of one request, of the web processes and of PostgreSQL together."""
    total = 0.0
    for number in range(WARM + work.times):
        given = work.prepare()
        before = server.cpu() + postgres_cpu()
        work.act(*given)
        if number >= WARM:
            total += server.cpu() + postgres_cpu() - before
    return total / work.times * 1000


def _tell(engine: str, tickets: int, names: list[str], spent: dict[str, dict[str, list[float]]]) -> None:
    print(f"\n{engine}, {tickets:,} tickets: processor ms a request, × {names[0]}\n")
    print("| work | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1))
    for work, by_tree in spent.items():
        medians = {name: statistics.median(by_tree[name]) for name in names}
        cells = [f"{medians[name]:.2f} ({medians[name] / medians[names[0]]:.2f})" for name in names]
        print(f"| {work} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
