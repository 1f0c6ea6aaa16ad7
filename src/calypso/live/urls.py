"""The one ordinary route of live pages; streams are served beside Django (`event_streams`)."""

from django.urls import path

from calypso.live import views

app_name = "live"

urlpatterns = [path("direct/depuis/", views.since, name="since")]
