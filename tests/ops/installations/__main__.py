"""Makes the copy of the version whose number is given: the demonstration, backed up. Refuses to replace one."""

import sys
import tarfile
import tempfile
from pathlib import Path

from tests.installation import installation
from tests.ops.installations import kept

target = kept(sys.argv[1])
if target.exists():
    sys.exit(f"{target.name} is kept already: a released version does not change")
with tempfile.TemporaryDirectory() as made, installation(Path(made) / "state") as whole:
    copy = Path(made) / "copy"
    whole.run("migrate", "-v0")
    whole.run("demo")
    whole.run("backup", str(copy))
    with tarfile.open(target, "w:xz") as archive:
        archive.add(copy, "copy")
