"""Django's WSGI application, which `asgi` serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calypso.config.settings")
application = get_wsgi_application()
