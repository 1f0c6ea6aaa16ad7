"""The route table. Each interface brings its own; paths are French because clients read the address bar."""

from django.urls import include, path

from calypso.ops import views as ops
from calypso.signin.views.signin import home
from calypso.ui import views as ui

urlpatterns = [
    path("", home, name="home"),
    path("", include("calypso.signin.urls")),
    path("", include("calypso.portal.urls")),
    path("", include("calypso.live.urls")),
    path("equipe/etat/", ops.status, name="status"),
    path("equipe/", include("calypso.desk.urls")),
    path("healthz", ops.healthz, name="healthz"),
    path("readyz", ops.readyz, name="readyz"),
    path("robots.txt", ui.robots, name="robots"),
    path("manifest.webmanifest", ui.manifest, name="manifest"),
    path("favicon.ico", ui.favicon, name="favicon"),
    path("logo/<slug:name>.png", ui.logo, name="logo"),
    path("couleurs/<slug:colour>.css", ui.brand_colours, name="brand_colours"),
    path("composants/", ui.gallery, name="gallery"),
]

handler400 = "calypso.ui.errors.bad_request"
handler403 = "calypso.ui.errors.forbidden"
handler404 = "calypso.ui.errors.not_found"
handler500 = "calypso.ui.errors.server_error"
