"""What keeps processes alive: who dies is started again, ever more slowly; a stop tells each once and kills the deaf."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calypso.ops.supervisor import keep_dying
from tests.conftest import on_postgresql
from tests.installation import wait_for

pytestmark = pytest.mark.skipif(on_postgresql(), reason="what supervises knows no engine")

# Each child writes a line to a file of its name at each birth. The waits are a hundredth of the product's.
STARTED = """
import sys
from pathlib import Path
from calypso.ops import supervisor
supervisor.FIRST_WAIT, supervisor.LONGEST_WAIT = 0.05, 0.4
CHILD = '''
import os, signal, sys
signal.signal(signal.SIGTERM, {hears})
with open("{name}", "a") as file: print(os.getpid(), file=file)
{lives}
'''
FOREVER = "while True: signal.pause()"
def command(name, hears, lives): return [sys.executable, "-c", CHILD.format(name=name, hears=hears, lives=lives)]
commands = {"first": command("first", sys.argv[1], FOREVER), "second": command("second", "signal.SIG_DFL", sys.argv[2] or FOREVER)}
supervisor.Supervisor(commands, 1.0, Path("state.json")).run()
print("ended")
"""
HEARD = "lambda *_: os.write(1, b'told ')"
OBEYED = "signal.SIG_DFL"


def births(folder: Path, name: str) -> list[int]:
    return [int(line) for line in (folder / name).read_text().split()] if (folder / name).exists() else []


def lives(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}")


@contextmanager
def supervised(
    folder: Path, hears: str = OBEYED, second: str = "", *, through: str = "env"
) -> Iterator[subprocess.Popen[str]]:
    """The supervisor, once both of its children were born; all end here whatever happens."""
    process = subprocess.Popen(
        [through, sys.executable, "-c", STARTED, hears, second],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: births(folder, "first") and births(folder, "second"))
        yield process
    finally:
        process.kill()
        process.wait()
        for pid in [*births(folder, "first"), *births(folder, "second")]:
            if lives(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_r154_a_stop_tells_each_once_and_kills_who_does_not_leave(told: signal.Signals, tmp_path: Path) -> None:
    with supervised(tmp_path, HEARD) as process:
        process.send_signal(told)
        said, _ = process.communicate(timeout=30)
        assert said == "told ended\n"
        assert process.returncode == 0
        assert not any(lives(pid) for pid in [*births(tmp_path, "first"), *births(tmp_path, "second")])
        assert not (tmp_path / "state.json").exists()


def test_r151_who_dies_is_started_again_and_the_other_never_knows(tmp_path: Path) -> None:
    with supervised(tmp_path, HEARD) as process:
        os.kill(births(tmp_path, "second")[0], signal.SIGKILL)
        wait_for(lambda: len(births(tmp_path, "second")) == 2)
        assert len(births(tmp_path, "first")) == 1
        assert lives(births(tmp_path, "first")[0])
        assert json.loads((tmp_path / "state.json").read_text())["second"]["deaths"] == 1
        assert keep_dying(tmp_path / "state.json") == []
        process.send_signal(signal.SIGTERM)
        said, errors = process.communicate(timeout=30)
        assert said == "told ended\n"
        assert json.loads(errors)["event"] == "second ended by itself (-9), started again in 0 s"


def test_what_keeps_dying_is_started_ever_more_slowly_and_told(tmp_path: Path) -> None:
    with supervised(tmp_path, HEARD, "raise SystemExit(3)") as process:
        wait_for(lambda: len(births(tmp_path, "second")) >= 7)
        assert keep_dying(tmp_path / "state.json") == ["second"]
        assert len(births(tmp_path, "first")) == 1
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        events = [json.loads(line) for line in errors.splitlines()]
        assert [event["deaths"] for event in events[:6]] == [1, 2, 3, 4, 5, 6]
        assert all("ended by itself (3)" in event["event"] for event in events)


def test_the_waits_double_up_to_a_minute_and_a_steady_life_forgets(monkeypatch) -> None:
    from calypso.ops import supervisor

    now = 1000.0
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: now)
    child = supervisor._Child("web", ["x"])
    child.born = now
    assert [child.died() for _ in range(10)] == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    now += supervisor.STEADY + 1
    assert child.died() == 0


def test_who_was_started_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    with supervised(tmp_path, through="nohup") as process:
        process.send_signal(signal.SIGHUP)
        os.kill(births(tmp_path, "second")[0], signal.SIGKILL)
        wait_for(lambda: len(births(tmp_path, "second")) == 2)
        assert process.poll() is None


@pytest.mark.parametrize("seconds, names", [(0, ["web 1"]), (119, ["web 1"]), (121, [])])
def test_only_what_died_lately_is_told(seconds: int, names: list[str], tmp_path: Path) -> None:
    at = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()
    said = {"web 1": {"deaths": 3, "at": at}, "worker": {"deaths": 2, "at": at}}
    (tmp_path / "state.json").write_text(json.dumps(said))
    assert keep_dying(tmp_path / "state.json") == names


def test_where_nothing_supervises_nothing_dies(tmp_path: Path) -> None:
    assert keep_dying(tmp_path / "none.json") == []
    (tmp_path / "torn.json").write_text("{")
    assert keep_dying(tmp_path / "torn.json") == []
