from django.db import models

from ikz_portal.basis.auswahl import MarkenChoices


class Rechtsform(models.TextChoices):
    """Legal forms of cooperation in Hessen (KGG of 16.12.1969, HSOG), and what the survey names beside them."""

    KAG = "kag", "kommunale Arbeitsgemeinschaft (§§ 3, 4 KGG)"
    ZV = "zv", "Zweckverband (§§ 5 ff. KGG)"
    OERV_D = "oerv_d", "öffentlich-rechtliche Vereinbarung, delegierend (§§ 24 ff. KGG)"
    OERV_M = "oerv_m", "öffentlich-rechtliche Vereinbarung, mandatierend (§§ 24 ff. KGG)"
    GKA = "gka", "gemeinsame kommunale Anstalt (§§ 29a, 29b KGG)"
    GVV = "gvv", "Gemeindeverwaltungsverband (§§ 30 ff. KGG)"
    PRIV = "priv", "privatrechtlicher Vertrag oder Gesellschaft"
    VBB = "vbb", "gemeinsamer Verwaltungs- oder Ordnungsbehördenbezirk (HSOG)"
    KDOER = "kdoer", "Mitgliedschaft in einer Körperschaft des öffentlichen Rechts"
    INFORMELL = "informell", "informell: Arbeitskreis, Arbeitsgruppe, Absprache"
    UNBEKANNT = "unbekannt", "nicht bekannt"


class BeteiligungStatus(MarkenChoices):
    BESTEHT = "besteht", "voll", "neutral", "besteht"
    VORGESEHEN = "vorgesehen", "umriss", "blau", "vorgesehen"
    ERWOGEN = "erwogen", "gestrichelt", "gruen", "erwogen, nicht zustande gekommen"
    UNBEKANNT = "unbekannt", "frage", "gelb", "Status nicht überliefert"


class BeteiligungRolle(models.TextChoices):
    FEDERFUEHREND = "federfuehrend", "federführend"
    BETEILIGT = "beteiligt", "beteiligt"
    LEISTUNGSEMPFAENGER = "leistungsempfaenger", "Leistungsempfänger"


class Herkunft(models.TextChoices):
    """How it is known that a Kommune takes part."""

    ERHEBUNG = "erhebung", "laut Erhebung"
    FUSSNOTE = "fussnote", "laut Fußnote"
    BESCHLUSS = "beschluss", "laut Beschluss"


class ErhebungStatus(MarkenChoices):
    VORBEREITUNG = "vorbereitung", "kreis-gestrichelt", "neutral", "in Vorbereitung"
    LAEUFT = "laeuft", "punkt", "blau", "läuft"
    AUSWERTUNG = "auswertung", "punkt", "gelb", "in Auswertung"
    ABGESCHLOSSEN = "abgeschlossen", "haken", "gruen", "abgeschlossen"


class InteresseArt(models.TextChoices):
    KOOPERATIONSWILLE = "kooperationswille", "Kooperationswille"
    INFO_AUSTAUSCH = "info_austausch", "Info-Austausch"


class Stufe(models.TextChoices):
    INTERESSE = "interesse", "hat Interesse"
    RESSOURCEN = "ressourcen", "bringt Ressourcen ein"
    FEDERFUEHRUNG = "federfuehrung", "würde federführen"


class InteresseStatus(MarkenChoices):
    ENTWURF = "entwurf", "kreis-gestrichelt", "neutral", "Entwurf"
    ABGEGEBEN = "abgegeben", "punkt", "blau", "abgegeben"
    BESTAETIGT = "bestaetigt", "haken", "gruen", "bestätigt"
    ZURUECKGEZOGEN = "zurueckgezogen", "kreuz", "neutral", "zurückgezogen"
    ABGELAUFEN = "abgelaufen", "kreuz", "neutral", "abgelaufen"


# States in which a declaration counts, and those in which a second one for the same would be a double.
GUELTIGE_INTERESSEN = (InteresseStatus.ABGEGEBEN, InteresseStatus.BESTAETIGT)
AKTIVE_INTERESSEN = (InteresseStatus.ENTWURF, *GUELTIGE_INTERESSEN)

UEBERGAENGE: dict[InteresseStatus, set[InteresseStatus]] = {
    InteresseStatus.ENTWURF: {InteresseStatus.ABGEGEBEN},
    InteresseStatus.ABGEGEBEN: {
        InteresseStatus.BESTAETIGT,
        InteresseStatus.ZURUECKGEZOGEN,
        InteresseStatus.ABGELAUFEN,
    },
    InteresseStatus.BESTAETIGT: {InteresseStatus.ZURUECKGEZOGEN, InteresseStatus.ABGELAUFEN},
    InteresseStatus.ZURUECKGEZOGEN: set(),
    InteresseStatus.ABGELAUFEN: set(),
}
