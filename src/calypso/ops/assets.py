"""The files that browsers fetch: collected, named by their content and compressed, when they are not so already."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_STAMP = "collected"


def collect() -> bool:
    """Collects the static files unless those collected came from the same sources; tells whether it did.

    Compressing takes most of a start, and a start that changes nothing is the ordinary one.
    """
    stamp, sources = Path(settings.STATIC_ROOT) / _STAMP, _sources()
    if stamp.exists() and stamp.read_text() == sources:
        return False
    stamp.unlink(missing_ok=True)  # a collection that is cut off is not taken for a whole one
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(sources)
    return True


def _sources() -> str:
    """What the collection is made of: the contents of the files, and who compresses them."""
    content = sha256(version("whitenoise").encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list(None)):
            content.update(path.encode())
            content.update(storage.open(path).read())
    return content.hexdigest()
