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


# Marks of the Kooperationen of a field, in the order in which they are given: as the survey printed them, then letters.
SYMBOLE_DER_REIHE = (*"■□●⊕+", *(chr(ord("A") + i) for i in range(26)), *(str(zahl) for zahl in range(1, 100)))


class KooperationZustand(MarkenChoices):
    """Computed for a day, stored nowhere."""

    LAUFEND = "laufend", "punkt", "gruen", "laufend"
    VORGESEHEN = "vorgesehen", "kalender", "blau", "vorgesehen"
    BEENDET = "beendet", "haken", "neutral", "beendet"
    GESCHEITERT = "gescheitert", "kreuz", "rot", "nicht zustande gekommen"


class BeteiligungStatus(MarkenChoices):
    BESTEHT = "besteht", "punkt", "neutral", "besteht"
    VORGESEHEN = "vorgesehen", "kalender", "blau", "vorgesehen"
    ERWOGEN = "erwogen", "kreis-gestrichelt", "gruen", "erwogen, nicht zustande gekommen"
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


class Veraenderung(MarkenChoices):
    """What became of a mark or of a Kooperation between two days."""

    NEU = "neu", "plus", "gruen", "neu"
    WEGGEFALLEN = "weggefallen", "minus", "rot", "weggefallen"
    GEAENDERT = "geaendert", "ungleich", "blau", "geändert"


class ErhebungStatus(MarkenChoices):
    VORBEREITUNG = "vorbereitung", "kreis-gestrichelt", "neutral", "in Vorbereitung"
    LAEUFT = "laeuft", "punkt", "blau", "läuft"
    AUSWERTUNG = "auswertung", "punkt", "gelb", "in Auswertung"
    ABGESCHLOSSEN = "abgeschlossen", "haken", "gruen", "abgeschlossen"


# Which state of a round may follow which.
ERHEBUNG_UEBERGAENGE: dict[ErhebungStatus, set[ErhebungStatus]] = {
    ErhebungStatus.VORBEREITUNG: {ErhebungStatus.LAEUFT},
    ErhebungStatus.LAEUFT: {ErhebungStatus.AUSWERTUNG},
    ErhebungStatus.AUSWERTUNG: {ErhebungStatus.LAEUFT, ErhebungStatus.ABGESCHLOSSEN},
    ErhebungStatus.ABGESCHLOSSEN: set(),
}


class FragebogenStatus(MarkenChoices):
    OFFEN = "offen", "kreis-gestrichelt", "neutral", "offen"
    IN_BEARBEITUNG = "in_bearbeitung", "punkt", "blau", "in Bearbeitung"
    FREIGEGEBEN = "freigegeben", "pfeil-rechts", "gelb", "freigegeben"
    GEPRUEFT = "geprueft", "haken", "blau", "geprüft"
    UEBERNOMMEN = "uebernommen", "haken", "gruen", "übernommen"


# States in which the Kommune still writes, and nobody else reads.
OFFENE_FRAGEBOEGEN = (FragebogenStatus.OFFEN, FragebogenStatus.IN_BEARBEITUNG)

FRAGEBOGEN_UEBERGAENGE: dict[FragebogenStatus, set[FragebogenStatus]] = {
    FragebogenStatus.OFFEN: {FragebogenStatus.IN_BEARBEITUNG, FragebogenStatus.FREIGEGEBEN},
    FragebogenStatus.IN_BEARBEITUNG: {FragebogenStatus.FREIGEGEBEN},
    FragebogenStatus.FREIGEGEBEN: {FragebogenStatus.IN_BEARBEITUNG, FragebogenStatus.GEPRUEFT},
    FragebogenStatus.GEPRUEFT: {FragebogenStatus.FREIGEGEBEN, FragebogenStatus.UEBERNOMMEN},
    FragebogenStatus.UEBERNOMMEN: set(),
}


class AntwortArt(models.TextChoices):
    """What a question of a Fragebogen is about."""

    KOOPERATION = "kooperation", "laufende Kooperation"
    NEU = "neu", "neue oder erwogene Kooperation"
    INTERESSE = "interesse", "Interesse an einem Aufgabenfeld"
    ALLGEMEIN = "allgemein", "allgemeine Frage"


class Aussage(MarkenChoices):
    """What the Kommune answers; OFFEN until it has."""

    OFFEN = "offen", "kreis-gestrichelt", "neutral", "noch nicht beantwortet"
    GILT_NOCH = "gilt_noch", "haken", "gruen", "gilt noch"
    GEAENDERT = "geaendert", "stift", "blau", "geändert"
    BEENDET = "beendet", "kreuz", "rot", "beendet"
    NEU = "neu", "plus", "gruen", "neu"
    JA = "ja", "haken", "gruen", "ja"
    BEDINGT = "bedingt", "punkt", "gelb", "bedingt"
    NEIN = "nein", "kreuz", "neutral", "nein"
    BEANTWORTET = "beantwortet", "haken", "gruen", "beantwortet"


AUSSAGEN: dict[AntwortArt, tuple[Aussage, ...]] = {
    AntwortArt.KOOPERATION: (Aussage.OFFEN, Aussage.GILT_NOCH, Aussage.GEAENDERT, Aussage.BEENDET),
    AntwortArt.NEU: (Aussage.NEU,),
    AntwortArt.INTERESSE: (Aussage.OFFEN, Aussage.JA, Aussage.BEDINGT, Aussage.NEIN),
    AntwortArt.ALLGEMEIN: (Aussage.OFFEN, Aussage.BEANTWORTET),
}


class Entscheidung(MarkenChoices):
    """What the Geschäftsstelle makes of an answer."""

    ANGENOMMEN = "angenommen", "haken", "gruen", "wird übernommen"
    ANGEPASST = "angepasst", "stift", "blau", "wird angepasst übernommen"
    ABGELEHNT = "abgelehnt", "kreuz", "rot", "wird nicht übernommen"


class ErinnerungAnlass(models.TextChoices):
    VOR_FRIST = "vor_frist", "vor Ablauf der Frist"
    NACH_FRIST = "nach_frist", "nach Ablauf der Frist"
    VON_HAND = "von_hand", "von der Geschäftsstelle"


# On which days before (-) and after the Frist of a round who is missing is reminded.
ERINNERUNG_TAGE = (-7, -1, 1, 7)


class VeroeffentlichungArt(models.TextChoices):
    MIT_NAMEN = "mit_namen", "mit Namen der Kommunen"
    ANONYM = "anonym", "anonymisiert (Buchstaben statt Namen)"


class VeroeffentlichungStatus(MarkenChoices):
    ENTWURF = "entwurf", "kreis-gestrichelt", "neutral", "in Vorbereitung"
    VEROEFFENTLICHT = "veroeffentlicht", "haken", "gruen", "veröffentlicht"
    ZURUECKGEZOGEN = "zurueckgezogen", "kreuz", "neutral", "zurückgezogen"


VEROEFFENTLICHUNG_UEBERGAENGE: dict[VeroeffentlichungStatus, set[VeroeffentlichungStatus]] = {
    VeroeffentlichungStatus.ENTWURF: {VeroeffentlichungStatus.VEROEFFENTLICHT},
    VeroeffentlichungStatus.VEROEFFENTLICHT: {VeroeffentlichungStatus.ZURUECKGEZOGEN},
    VeroeffentlichungStatus.ZURUECKGEZOGEN: set(),
}
# A draft may be prepared once the return is closed; it is published when the round is finished and can't change.
VORBEREITBARE_ERHEBUNGEN = (ErhebungStatus.AUSWERTUNG, ErhebungStatus.ABGESCHLOSSEN)


class EinlesungStatus(MarkenChoices):
    GEPRUEFT = "geprueft", "punkt", "blau", "geprüft, noch nicht übernommen"
    FEHLERHAFT = "fehlerhaft", "kreuz", "rot", "mit Fehlern"
    UEBERNOMMEN = "uebernommen", "haken", "gruen", "übernommen"
    VERWORFEN = "verworfen", "kreuz", "neutral", "verworfen"


# A file with errors may be without them once the matrix has what it refers to.
EINLESUNG_UEBERGAENGE: dict[EinlesungStatus, set[EinlesungStatus]] = {
    EinlesungStatus.GEPRUEFT: {
        EinlesungStatus.FEHLERHAFT,
        EinlesungStatus.UEBERNOMMEN,
        EinlesungStatus.VERWORFEN,
    },
    EinlesungStatus.FEHLERHAFT: {
        EinlesungStatus.GEPRUEFT,
        EinlesungStatus.UEBERNOMMEN,
        EinlesungStatus.VERWORFEN,
    },
    EinlesungStatus.UEBERNOMMEN: set(),
    EinlesungStatus.VERWORFEN: set(),
}


class EinlesezeileArt(MarkenChoices):
    """What a row of an imported file would do; stored nowhere."""

    NEUE_KOOPERATION = "neue_kooperation", "stern", "gruen", "neue Kooperation"
    NEU = "neu", "plus", "gruen", "neue Beteiligung"
    GEAENDERT = "geaendert", "stift", "blau", "geänderte Angabe"
    UNVERAENDERT = "unveraendert", "haken", "neutral", "unverändert"


class InteresseArt(models.TextChoices):
    KOOPERATIONSWILLE = "kooperationswille", "Kooperationswille"
    INFO_AUSTAUSCH = "info_austausch", "Info-Austausch"


class Stufe(models.TextChoices):
    """How far the Kommune would go, in ascending order."""

    INTERESSE = "interesse", "hat Interesse"
    RESSOURCEN = "ressourcen", "bringt Ressourcen ein"
    FEDERFUEHRUNG = "federfuehrung", "würde federführen"


class InteresseStatus(MarkenChoices):
    ENTWURF = "entwurf", "kreis-gestrichelt", "neutral", "Entwurf"
    ABGEGEBEN = "abgegeben", "punkt", "blau", "abgegeben"
    BESTAETIGT = "bestaetigt", "haken", "gruen", "bestätigt"
    ZURUECKGEZOGEN = "zurueckgezogen", "kreuz", "neutral", "zurückgezogen"
    ABGELAUFEN = "abgelaufen", "kreuz", "neutral", "abgelaufen"


# States of a declaration that is filed and not over, and those in which a second one for the same would be a double.
GUELTIGE_INTERESSEN = (InteresseStatus.ABGEGEBEN, InteresseStatus.BESTAETIGT)
AKTIVE_INTERESSEN = (InteresseStatus.ENTWURF, *GUELTIGE_INTERESSEN)

# Days before its end from which the author of a declaration is told.
ABLAUF_MELDEN_TAGE = 30

INTERESSE_UEBERGAENGE: dict[InteresseStatus, set[InteresseStatus]] = {
    InteresseStatus.ENTWURF: {InteresseStatus.ABGEGEBEN},
    InteresseStatus.ABGEGEBEN: {
        InteresseStatus.BESTAETIGT,
        InteresseStatus.ZURUECKGEZOGEN,
        InteresseStatus.ABGELAUFEN,
    },
    InteresseStatus.BESTAETIGT: {
        InteresseStatus.ABGEGEBEN,  # changed by somebody else than the head, it waits for the head again
        InteresseStatus.ZURUECKGEZOGEN,
        InteresseStatus.ABGELAUFEN,
    },
    InteresseStatus.ZURUECKGEZOGEN: set(),
    InteresseStatus.ABGELAUFEN: set(),
}


class Aussicht(MarkenChoices):
    """The score of a proposed Konstellation in words; computed, stored nowhere."""

    SEHR_GUT = "sehr_gut", "haken", "gruen", "sehr aussichtsreich"
    GUT = "gut", "punkt", "blau", "aussichtsreich"
    DENKBAR = "denkbar", "kreis-gestrichelt", "neutral", "denkbar"


class RundeStatus(MarkenChoices):
    VORBEREITUNG = "vorbereitung", "kreis-gestrichelt", "neutral", "in Vorbereitung"
    LAEUFT = "laeuft", "punkt", "blau", "läuft"
    ABGESCHLOSSEN = "abgeschlossen", "haken", "gruen", "abgeschlossen"


RUNDE_UEBERGAENGE: dict[RundeStatus, set[RundeStatus]] = {
    RundeStatus.VORBEREITUNG: {RundeStatus.LAEUFT},
    RundeStatus.LAEUFT: {RundeStatus.ABGESCHLOSSEN},
    RundeStatus.ABGESCHLOSSEN: set(),
}
