"""The WSGI callable that the application server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calypso.config.settings")
application = get_wsgi_application()
