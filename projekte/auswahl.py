from django.db import models

from ikz_portal.basis.auswahl import MarkenChoices


class ProjektStatus(MarkenChoices):
    IDEE = "idee", "stern", "neutral", "Idee"
    VORBEREITUNG = "vorbereitung", "kreis-gestrichelt", "gelb", "in Vorbereitung"
    BEARBEITUNG = "bearbeitung", "punkt", "blau", "in Bearbeitung"
    ABGESCHLOSSEN = "abgeschlossen", "haken", "gruen", "abgeschlossen"
    EINGESTELLT = "eingestellt", "kreuz", "rot", "eingestellt"
    NICHT_ANGEGEBEN = "nicht_angegeben", "frage", "neutral", "nicht angegeben"


class Antwort(MarkenChoices):
    OFFEN = "offen", "kreis-gestrichelt", "neutral", "offen"
    STIMMT_ZU = "stimmt_zu", "haken", "gruen", "stimmt zu"
    VORBEHALT = "vorbehalt", "dreieck", "gelb", "stimmt mit Vorbehalt zu"
    GREMIENBESCHLUSS = "gremienbeschluss", "punkt", "blau", "Gremienbeschluss nötig"
    NIMMT_NICHT_TEIL = "nimmt_nicht_teil", "kreuz", "neutral", "nimmt nicht teil"
    AUSGESTIEGEN = "ausgestiegen", "kreuz", "rot", "ausgestiegen"


class AuftragStatus(MarkenChoices):
    ENTWURF = "entwurf", "kreis-gestrichelt", "neutral", "Entwurf"
    EINGEREICHT = "eingereicht", "punkt", "blau", "eingereicht"
    BESCHLOSSEN = "beschlossen", "haken", "gruen", "beschlossen"
    ZURUECKGEWIESEN = "zurueckgewiesen", "kreuz", "rot", "zurückgewiesen"
    UEBERLIEFERT = "ueberliefert", "dokument", "neutral", "überliefert"


class MeilensteinStand(MarkenChoices):
    """Computed from the three dates, the day and the status of the Projekt, never stored.

    OFFEN is what was never reached in a Projekt that is over.
    """

    ERREICHT = "erreicht", "haken", "gruen", "erreicht"
    UEBERFAELLIG = "ueberfaellig", "warnung", "rot", "überfällig"
    FAELLIG = "faellig", "punkt", "gelb", "demnächst fällig"
    GEPLANT = "geplant", "kreis-gestrichelt", "neutral", "geplant"
    OFFEN = "offen", "kreuz", "neutral", "nicht erreicht"


class BerichtArt(models.TextChoices):
    PORTFOLIO = "portfolio", "Statusbericht für die Lenkungsgruppe"


# Days before its due date from which a Meilenstein counts as due.
FAELLIG_AB_TAGEN = 30
# „n von m“ counts these; a needed Gremienbeschluss is shown apart.
ZUSTIMMENDE = (Antwort.STIMMT_ZU, Antwort.VORBEHALT)
# What runs or is about to: these Projekte stand one by one in the status report.
LAUFENDE = (ProjektStatus.BEARBEITUNG, ProjektStatus.VORBEREITUNG)
# What is over: nothing in it is due any more.
BEENDETE = (ProjektStatus.ABGESCHLOSSEN, ProjektStatus.EINGESTELLT)
# Only imported facts have it; nobody chooses it.
WAEHLBARE_STATUS = tuple(status for status in ProjektStatus if status != ProjektStatus.NICHT_ANGEGEBEN)
# What never changes again, in the database neither.
FESTE_AUFTRAEGE = (AuftragStatus.BESCHLOSSEN, AuftragStatus.UEBERLIEFERT)
# Names that stand for pages of their own below /projekte/ and therefore never become slugs.
RESERVIERT = ("neu",)

UEBERGAENGE: dict[ProjektStatus, set[ProjektStatus]] = {
    ProjektStatus.IDEE: {ProjektStatus.VORBEREITUNG, ProjektStatus.EINGESTELLT},
    ProjektStatus.VORBEREITUNG: {ProjektStatus.IDEE, ProjektStatus.BEARBEITUNG, ProjektStatus.EINGESTELLT},
    ProjektStatus.BEARBEITUNG: {ProjektStatus.VORBEREITUNG, ProjektStatus.ABGESCHLOSSEN, ProjektStatus.EINGESTELLT},
    ProjektStatus.ABGESCHLOSSEN: {ProjektStatus.BEARBEITUNG},
    ProjektStatus.EINGESTELLT: {ProjektStatus.IDEE, ProjektStatus.VORBEREITUNG},
    ProjektStatus.NICHT_ANGEGEBEN: set(WAEHLBARE_STATUS),
}
