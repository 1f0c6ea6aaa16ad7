"""Runs a program on hostile bytes in a process of its own, bounded in memory and time, which may die (R57, R69)."""

import os
import resource
import subprocess
import sys

MEBIBYTE = 2**20


class Died(Exception):
    """The program did not answer: too much memory, too much time, or a fault of the library that reads the bytes."""


def run(program: str, content: bytes, *, megabytes: int, seconds: int) -> bytes:
    """Runs the module `program` of ours with `content` as its input; returns its output. Raises Died.

    The program calls `bound_memory` first: it holds `megabytes` at most. It inherits no setting of the installation.
    """
    command = [sys.executable, "-I", "-m", program, str(megabytes)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CALYPSO_")}
    try:
        done = subprocess.run(  # noqa: S603 - our own modules
            command, input=content, capture_output=True, timeout=seconds, check=False, env=environment
        )
    except subprocess.TimeoutExpired as slow:
        raise Died(program) from slow
    if done.returncode:
        raise Died(program)
    return done.stdout


def bound_memory() -> None:
    """Bounds the memory of the program that calls it, to the megabytes of its command line."""
    limit = int(sys.argv[1]) * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
