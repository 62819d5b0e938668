"""The addresses of the portal. Each app writes its own paths in full; only what belongs to no app stands here."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from ikz_portal.startseite.views.bausteine import galerie

handler400 = "ikz_portal.startseite.views.fehler.ungueltig"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ikz_portal.betrieb.urls")),
    path("", include("ikz_portal.startseite.urls")),
    path("", include("kommunen.urls")),
    path("", include("bestandsaufnahme.urls")),
    path("", include("projekte.urls")),
    path("", include("wissen.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("bausteine/", galerie, name="bausteine"))
