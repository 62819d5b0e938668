"""The field of a declaration in the prepared county: what failed there before, and what came of the declaration."""

from datetime import date
from typing import Any

from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.zeit import heute
from kommunen.models import Konto
from projekte.abfragen.versuche import versuche
from projekte.auswahl import ProjektStatus
from tests.fabriken.bestandsaufnahme import BeteiligungFactory, KooperationFactory
from tests.fabriken.projekte import ProjektFactory, StarthilfeFactory

# A Kooperation that failed and isn't published, why a published Projekt was ended, who declared what.
VERSUCH, EINSTELLUNG, HERKUNFT = "zzversuchzz", "zzeinstellungzz", "zzherkunftzz"


def feld(bekundung: int) -> dict[str, Any]:
    interesse = Interessenbekundung.objects.get(pk=bekundung)
    gescheiterte = KooperationFactory(
        kooperationsfeld__aufgabenfeld=interesse.aufgabenfeld,
        kooperationsfeld__name=VERSUCH,
        gescheitert_jahr=2015,
        gescheitert_grund=VERSUCH,
        veroeffentlicht=False,
    )
    BeteiligungFactory(kooperation=gescheiterte, status=BeteiligungStatus.ERWOGEN)
    werte = {"aufgabenfeld": interesse.aufgabenfeld, "veroeffentlicht": True}
    eingestelltes = ProjektFactory(slug="eingestellt", status=ProjektStatus.EINGESTELLT, **werte)
    Statuswechsel.objects.create(
        objekt=eingestelltes, nach="eingestellt", gueltig_ab=date(2021, 3, 1), grund=EINSTELLUNG
    )
    idee = ProjektFactory(slug="aus-interesse", quelle=HERKUNFT, **werte)
    StarthilfeFactory(projekt=idee, interesse=interesse)
    return {"feld": {"slug": interesse.aufgabenfeld.slug}, "projekt-aus-interesse": {"slug": idee.slug}}


def projektidee(argumente: dict[str, dict[str, Any]], durch: Konto) -> dict[str, Any]:
    """Return what the form asks for: the declaration, and what failed before as read."""
    interesse = Interessenbekundung.objects.get(pk=argumente["bekundung"]["pk"])
    gelesene = versuche(interesse.aufgabenfeld, konto=durch, heute=heute())
    return {
        "name": "Gemeinsamer Fuhrpark",
        "kurzbeschreibung": "Fahrzeuge teilen.",
        f"dabei-{interesse.pk}": "on",
        **{f"gelesen-{versuch.schluessel}": "on" for versuch in gelesene},
    }
