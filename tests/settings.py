"""Settings of the tests: the product's, on a state folder of their own, with a hasher that does not take its time."""

import os
import tempfile

os.environ.setdefault("CALYPSO_VAR", tempfile.mkdtemp(prefix="calypso-tests-"))
os.environ.setdefault("CALYPSO_SITE_URL", "http://testserver")

from calypso.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOG_LEVEL = "ERROR"
LOGGING = {"level": "ERROR"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise wants the folder
