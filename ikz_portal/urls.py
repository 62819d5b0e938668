"""The addresses of the portal. Each app writes its own paths in full; only what belongs to no app stands here."""

from allauth.account.views import account_inactive, login, logout
from django.conf import settings
from django.urls import include, path

from ikz_portal.startseite.views.bausteine import galerie

handler400 = "ikz_portal.startseite.views.fehler.ungueltig"

urlpatterns = [
    path("konto/anmelden/", login, name="account_login"),
    path("konto/abmelden/", logout, name="account_logout"),
    path("konto/deaktiviert/", account_inactive, name="account_inactive"),
    path("", include("ikz_portal.startseite.urls")),
    path("", include("kommunen.urls")),
    path("", include("bestandsaufnahme.urls")),
    path("", include("projekte.urls")),
    path("", include("wissen.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("bausteine/", galerie, name="bausteine"))
