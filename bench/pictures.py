"""What the worker spends on a picture, hostile ones first: seconds and megabytes of the program that makes it."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.pictures import images

from calypso.pictures.bounds import MEGABYTES

INPUTS = {
    "60,000 × 60,000 declared, 200 bytes": lambda: images.declared(60_000, 60_000),
    "9,000 × 9,000 declared, two rows of data": lambda: images.declared(9_000, 9_000, rows=2),
    "7,900 × 7,900 of zeros (62 million pixels)": lambda: images.declared(7_900, 7_900, rows=7_900),
    "5,000 frames": lambda: images.frames(5_000),
    "2 GB of zeros in an archive": lambda: images.zeros(2_048),
    "JPEG of 12,000 × 9,000": lambda: images.encoded("JPEG", images.halves(12_000, 9_000)),
    "HEIC of 4,032 × 3,024 (a phone)": lambda: images.encoded("HEIF", images.halves(4_032, 3_024)),
    "PDF page": images.document,
    "screenshot of 1,920 × 1,080": lambda: images.encoded("PNG", images.halves(1_920, 1_080)),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        writer = multiprocessing.Process(target=_write, args=(Path(folder),))
        writer.start()
        writer.join()  # made apart: a child begins with the size of its parent
        for number, name in enumerate(INPUTS):
            _measure(name, Path(folder) / str(number))


def _write(folder: Path) -> None:
    for number, make in enumerate(INPUTS.values()):
        (folder / str(number)).write_bytes(make())


def _measure(name: str, path: Path) -> None:
    start = time.perf_counter()
    command = [sys.executable, "-I", "-m", "calypso.pictures.render_program", str(MEGABYTES)]
    with path.open("rb") as content:
        process = subprocess.Popen(command, stdin=content, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    outcome = "picture" if process.returncode == 0 else "no picture"
    megabytes = usage.ru_maxrss / 1024
    print(f"{name:45} {path.stat().st_size / 1024:6.0f} kB in {seconds:5.2f} s, {megabytes:4.0f} MB · {outcome}")


if __name__ == "__main__":
    main()
