"""Settings of the tests: the product's, on a state folder of their own, with a hasher that does not take its time."""

import os
import tempfile

os.environ.setdefault("CALYPSO_VAR", tempfile.mkdtemp(prefix="calypso-tests-"))
os.environ.setdefault("CALYPSO_SITE_URL", "http://testserver")

from calypso.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOG_LEVEL = "ERROR"
LOGGING = {"level": "ERROR"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise wants the folder
# A file, not the memory: several connections at once are part of what is tested.
DATABASES["default"]["TEST"] = (  # noqa: F405
    {"NAME": str(VAR / "test.sqlite3")} if DATABASES["default"]["ENGINE"].endswith("sqlite3") else {}  # noqa: F405
)
FILES_ROOT = VAR / f"files-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"  # noqa: F405 - each process has its own
