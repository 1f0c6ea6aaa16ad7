"""What watches over processes until they end: Python alone, a tenth of what the command that started them had loaded.

`calypso run` and `calypso web` load the application to start their children, and turn into this once these are born.
It keeps their process, so whoever started the command still stops it, and reaps what a container leaves to its first.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterable
from typing import NoReturn


def hold_signals() -> None:
    """Keeps what the process is told from now on for the watch: nothing is lost while it turns into it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _heard())


def _heard() -> set[signal.Signals]:
    """What is listened to. A terminal that closes stops all, unless the command was started with `nohup`."""
    heard = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
    return heard if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else {*heard, signal.SIGHUP}


def watch(children: dict[str, int], *, grace: int, farewell: str = "") -> NoReturn:
    """Turns the process into one that only watches over `children` (names and process ids), signals held already.

    When it is told to stop, or one of them ends, it tells the others once, waits for them during `grace` seconds, and
    kills who is left. It says `farewell`, or which one ended by itself: the exit status is then 1.
    """
    sys.stdout.flush()
    named = [f"{name}={pid}" for name, pid in children.items()]
    os.execv(sys.executable, [sys.executable, "-m", __name__, str(grace), farewell, *named])  # noqa: S606 - no shell is wanted


def main(grace: str, farewell: str, *named: str) -> None:
    """The process after its turn."""
    children = {int(pid): name for name, pid in (child.rsplit("=", 1) for child in named)}
    running, told = _running(children), False
    while len(running) == len(children) and not told:
        told = signal.sigwait(_heard()) != signal.SIGCHLD
        running = _running(children)
    first = next((name for pid, name in children.items() if pid not in running), "")
    _end(running, int(grace))
    if not told:
        sys.exit(f"the {first} ended by itself; its last lines above say why")
    if farewell:
        sys.stdout.write(f"{farewell}\n")


def _running(pids: Iterable[int]) -> list[int]:
    """Those that run still; whoever ended is reaped, known or not."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return [pid for pid in pids if _tell(pid, 0)]


def _end(running: list[int], grace: int) -> None:
    """Tells them to stop, once: told twice, one leaves what it does. Those that do not are killed."""
    for pid in running:
        _tell(pid, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    signal.alarm(grace)
    while (running := _running(running)) and signal.sigwait({signal.SIGCHLD, signal.SIGALRM}) != signal.SIGALRM:
        pass
    for pid in running:
        _tell(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _tell(pid: int, signum: int) -> bool:
    """Whether the process was there to be told."""
    try:
        os.kill(pid, signum)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main(*sys.argv[1:])
