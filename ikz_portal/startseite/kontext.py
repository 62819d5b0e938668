"""What the layout of every page needs: the Verbund, the navigation along the process, demo band and version."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from bestandsaufnahme.rechte import (
    darf_bestaetigungen_sehen,
    darf_interesse_abgeben,
    darf_interessen_sehen,
    darf_konstellationen_sehen,
)
from kommunen.models import Konto, Verbund
from kommunen.rechte import darf_konten_sehen, darf_protokoll_sehen, darf_vertretungen_sehen, ist_geschaeftsstelle


@dataclass(frozen=True, slots=True)
class Ziel:
    """A place of the navigation: its URL name, and further path prefixes that belong to it."""

    name: str
    url_name: str
    auch: tuple[str, ...] = ()
    nur_angemeldet: bool = False


@dataclass(frozen=True, slots=True)
class Eintrag:
    name: str
    url: str
    aktiv: bool


ZIELE = (
    Ziel("Übersicht", "start"),
    Ziel("Kommunen", "kommune_liste", ("/gremien/",)),
    Ziel("Bestandsaufnahme", "matrix"),
    Ziel("Interessen", "interesse_liste", ("/aufgabenfelder/",)),
    Ziel("Projekte", "projekt_liste"),
    Ziel("Wissen", "beitrag_liste"),
    Ziel("Berichte", "bericht_liste", nur_angemeldet=True),
)
# What else there is under /interessen/, and who finds it (templates/bestandsaufnahme/interesse/_wege.html).
WEGE_DER_INTERESSEN = (
    (Ziel("Rangliste und Liste", "interesse_liste"), darf_interessen_sehen),
    (Ziel("Interessen Ihrer Kommune", "interesse_eigene"), darf_interesse_abgeben),
    (Ziel("Konstellationen", "konstellation_liste"), darf_konstellationen_sehen),
    (Ziel("Runden", "runde_liste"), darf_interessen_sehen),
    (Ziel("Bestätigungen", "interesse_bestaetigungen"), darf_bestaetigungen_sehen),
)


def _aktiv(pfad: str, url: str, auch: tuple[str, ...]) -> bool:
    return pfad == url if url == "/" else pfad.startswith((url, *auch))


class Portal:
    """Answers lazily, so that a page which asks nothing costs nothing, and error pages survive without a database."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.demo: bool = settings.IKZ_DEMO
        self.version: str = settings.VERSION
        self.einmalanmeldung: str = settings.OIDC_NAME if settings.OIDC_ISSUER else ""

    @cached_property
    def verbund(self) -> Verbund | None:
        try:
            return Verbund.objects.first()
        except DatabaseError:
            return None

    @cached_property
    def angemeldet(self) -> bool:
        user = getattr(self._request, "user", None)
        try:
            return bool(user and user.is_authenticated)
        except DatabaseError:
            return False

    @cached_property
    def konten(self) -> bool:
        """Whether the menu leads to the Konten; the offices that tell it came with the one who is signed in."""
        return self.angemeldet and darf_konten_sehen(self._request.user)

    @cached_property
    def vertretungen(self) -> bool:
        return self.angemeldet and darf_vertretungen_sehen(self._request.user)

    @cached_property
    def protokoll(self) -> bool:
        return self.angemeldet and darf_protokoll_sehen(self._request.user)

    @cached_property
    def geschaeftsstelle(self) -> bool:
        return self.angemeldet and ist_geschaeftsstelle(self._request.user)

    @cached_property
    def demo_konten(self) -> list[Konto]:
        """The accounts that the sign-in page of a demo offers: none outside of it."""
        if not self.demo:
            return []
        konten = Konto.objects.filter(demo=True, is_active=True).select_related("kommune")
        return list(konten.order_by("rolle", "email"))

    @cached_property
    def navigation(self) -> list[Eintrag]:
        return [eintrag for ziel in ZIELE if (eintrag := self._eintrag(ziel))]

    @cached_property
    def interessen(self) -> list[Eintrag]:
        """The ways between the pages under /interessen/; the current one is the place itself, not what lies below."""
        ziele = [ziel for ziel, darf in WEGE_DER_INTERESSEN if self.angemeldet and darf(self._request.user)]
        wege = [eintrag for ziel in ziele if (eintrag := self._eintrag(ziel))]
        return [replace(weg, aktiv=weg.url == self._request.path) for weg in wege]

    def _eintrag(self, ziel: Ziel) -> Eintrag | None:
        if ziel.nur_angemeldet and not self.angemeldet:
            return None
        try:
            url = reverse(ziel.url_name)
        except NoReverseMatch:
            return None
        return Eintrag(ziel.name, url, _aktiv(self._request.path, url, ziel.auch))


def portal(request: HttpRequest) -> dict[str, Portal]:
    return {"portal": Portal(request)}
