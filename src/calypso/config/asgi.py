"""The ASGI application that the server loads: event streams, and Django as WSGI in a few threads."""

from calypso.config.wsgi import application as django
from calypso.live.asgi_adapter import WSGIAdapter
from calypso.live.event_streams import EventStreams
from calypso.live.serving import Application

THREADS = 4
application = Application(EventStreams(), WSGIAdapter(django, THREADS))
