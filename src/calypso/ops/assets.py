"""The static files: collected, named by their content and compressed, when they are not so already."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_STAMP = "collected"


def collect() -> bool:
    """Collects the static files, unless they were collected from the same sources; returns whether it did.

    Compressing takes most of a start, and most starts change no file.
    """
    stamp, sources = Path(settings.STATIC_ROOT) / _STAMP, _sources()
    if stamp.exists() and stamp.read_text() == sources:
        return False
    stamp.unlink(missing_ok=True)  # an interrupted collection must not pass for a complete one
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(sources)
    return True


def _sources() -> str:
    """Returns a digest of what decides the collection: the contents of the files, and the version of the compressor."""
    content = sha256(version("whitenoise").encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list(None)):
            content.update(path.encode())
            content.update(storage.open(path).read())
    return content.hexdigest()
