"""The floor: a Django page that does nothing, on the same server."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="nothing", MIDDLEWARE=[])  # noqa: S106


def hello(request: HttpRequest) -> HttpResponse:
    """Answers one word."""
    return HttpResponse("hello")


urlpatterns = [path("", hello)]
application = get_wsgi_application()
