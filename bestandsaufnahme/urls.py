from django.urls import path

from bestandsaufnahme.views import (
    antwort,
    bestaetigung,
    beteiligung,
    einlesung,
    erhebung,
    erhebung_schritte,
    fragebogen,
    gespraech,
    interesse,
    interesse_anschliessen,
    interesse_bearbeiten,
    interesse_eigene,
    interesse_liste,
    interesse_neu,
    interessen,
    konstellation,
    kooperation,
    kooperation_formular,
    partner,
    pruefung,
    runde,
    runde_schritte,
    veroeffentlichung,
)
from bestandsaufnahme.views.erhebung_detail import ErhebungDetailView
from bestandsaufnahme.views.matrix import MatrixView
from bestandsaufnahme.views.pruefung import (
    FragebogenZurueckgebenView,
    PruefungDetailView,
    PruefungEntscheidenView,
    WiderspruecheView,
)
from bestandsaufnahme.views.runde_detail import RundeDetailView
from bestandsaufnahme.views.vergleich import VergleichView

KOOPERATION = "bestandsaufnahme/kooperationen/<int:pk>/"
BETEILIGUNG = f"{KOOPERATION}beteiligungen/<int:bpk>/"
ERHEBUNG = "bestandsaufnahme/erhebungen/<int:pk>/"
BOGEN = f"{ERHEBUNG}<str:ags>/"
VEROEFFENTLICHUNG = f"{ERHEBUNG}veroeffentlichungen/<int:vpk>/"
RUNDE = "interessen/runden/<int:pk>/"
ANTWORT = f"{BOGEN}antworten/<int:antwort_pk>/"

urlpatterns = [
    path("bestandsaufnahme/", MatrixView.as_view(), name="matrix"),
    path("bestandsaufnahme/vergleich/", VergleichView.as_view(), name="matrix_vergleich"),
    # --- Kooperationen, their participants, external partners
    path("bestandsaufnahme/kooperationen/", kooperation.KooperationListView.as_view(), name="kooperation_liste"),
    path(
        "bestandsaufnahme/kooperationen/neu/",
        kooperation_formular.KooperationNeuView.as_view(),
        name="kooperation_neu",
    ),
    path(KOOPERATION, kooperation.KooperationDetailView.as_view(), name="kooperation_detail"),
    path(
        f"{KOOPERATION}bearbeiten/",
        kooperation_formular.KooperationBearbeitenView.as_view(),
        name="kooperation_bearbeiten",
    ),
    path(f"{KOOPERATION}beenden/", kooperation_formular.KooperationBeendenView.as_view(), name="kooperation_beenden"),
    path(
        f"{KOOPERATION}nicht-zustande-gekommen/",
        kooperation_formular.KooperationScheiternView.as_view(),
        name="kooperation_scheitern",
    ),
    path(f"{KOOPERATION}bestaetigen/", kooperation.bestaetigen, name="kooperation_bestaetigen"),
    path(f"{KOOPERATION}beteiligungen/neu/", beteiligung.BeteiligungNeuView.as_view(), name="beteiligung_neu"),
    path(f"{BETEILIGUNG}aendern/", beteiligung.BeteiligungAendernView.as_view(), name="beteiligung_aendern"),
    path(f"{BETEILIGUNG}beenden/", beteiligung.BeteiligungBeendenView.as_view(), name="beteiligung_beenden"),
    path(
        f"{BETEILIGUNG}berichtigen/",
        beteiligung.BeteiligungBerichtigenView.as_view(),
        name="beteiligung_berichtigen",
    ),
    path(f"{BETEILIGUNG}entfernen/", beteiligung.BeteiligungEntfernenView.as_view(), name="beteiligung_entfernen"),
    path("bestandsaufnahme/partner/", partner.PartnerListView.as_view(), name="partner_liste"),
    path("bestandsaufnahme/partner/neu/", partner.PartnerNeuView.as_view(), name="partner_neu"),
    path("bestandsaufnahme/partner/<int:pk>/", partner.PartnerDetailView.as_view(), name="partner_detail"),
    path(
        "bestandsaufnahme/partner/<int:pk>/bearbeiten/",
        partner.PartnerBearbeitenView.as_view(),
        name="partner_bearbeiten",
    ),
    # --- importing a matrix ------------------------------------------------------------------------------------------
    path("bestandsaufnahme/einlesen/", einlesung.EinlesungListView.as_view(), name="einlesung_liste"),
    path("bestandsaufnahme/einlesen/vorlage/<str:art>.xlsx", einlesung.vorlage, name="einlesung_vorlage"),
    path("bestandsaufnahme/einlesen/<int:pk>/", einlesung.EinlesungDetailView.as_view(), name="einlesung_detail"),
    path("bestandsaufnahme/einlesen/<int:pk>/uebernehmen/", einlesung.uebernehmen, name="einlesung_uebernehmen"),
    path("bestandsaufnahme/einlesen/<int:pk>/verwerfen/", einlesung.verwerfen, name="einlesung_verwerfen"),
    path("bestandsaufnahme/einlesen/<int:pk>/datei/", einlesung.datei, name="einlesung_datei"),
    # --- survey rounds -----------------------------------------------------------------------------------------------
    path("bestandsaufnahme/erhebungen/", erhebung.ErhebungListView.as_view(), name="erhebung_liste"),
    path("bestandsaufnahme/erhebungen/neu/", erhebung.ErhebungNeuView.as_view(), name="erhebung_neu"),
    path(ERHEBUNG, ErhebungDetailView.as_view(), name="erhebung_detail"),
    path(f"{ERHEBUNG}bearbeiten/", erhebung.ErhebungBearbeitenView.as_view(), name="erhebung_bearbeiten"),
    path(f"{ERHEBUNG}eroeffnen/", erhebung_schritte.eroeffnen, name="erhebung_eroeffnen"),
    path(f"{ERHEBUNG}erinnern/", erhebung_schritte.erinnern, name="erhebung_erinnern"),
    path(f"{ERHEBUNG}verlaengern/", erhebung_schritte.verlaengern, name="erhebung_verlaengern"),
    path(f"{ERHEBUNG}auswerten/", erhebung_schritte.auswerten, name="erhebung_auswerten"),
    path(f"{ERHEBUNG}wieder-oeffnen/", erhebung_schritte.wieder_oeffnen, name="erhebung_wieder_oeffnen"),
    path(f"{ERHEBUNG}abschliessen/", erhebung_schritte.abschliessen, name="erhebung_abschliessen"),
    path(f"{ERHEBUNG}gespraeche/neu/", gespraech.GespraechNeuView.as_view(), name="gespraech_neu"),
    path(
        f"{ERHEBUNG}gespraeche/<int:gespraech_pk>/",
        gespraech.GespraechBearbeitenView.as_view(),
        name="gespraech_bearbeiten",
    ),
    path(f"{ERHEBUNG}widersprueche/", WiderspruecheView.as_view(), name="widersprueche_liste"),
    # --- publishing a round ------------------------------------------------------------------------------------------
    path(
        f"{ERHEBUNG}veroeffentlichungen/neu/",
        veroeffentlichung.VeroeffentlichungCreateView.as_view(),
        name="veroeffentlichung_neu",
    ),
    path(VEROEFFENTLICHUNG, veroeffentlichung.VeroeffentlichungDetailView.as_view(), name="veroeffentlichung_detail"),
    path(
        f"{VEROEFFENTLICHUNG}fussnoten/<int:kooperation_pk>/",
        veroeffentlichung.FussnoteView.as_view(),
        name="fussnote_bearbeiten",
    ),
    path(f"{VEROEFFENTLICHUNG}zustimmungen/", veroeffentlichung.zustimmen, name="zustimmung_erteilen"),
    path(
        f"{VEROEFFENTLICHUNG}zustimmungen/<str:ags>/zuruecknehmen/",
        veroeffentlichung.zustimmung_zuruecknehmen,
        name="zustimmung_zuruecknehmen",
    ),
    path(f"{VEROEFFENTLICHUNG}freigeben/", veroeffentlichung.freigeben, name="veroeffentlichung_freigeben"),
    path(f"{VEROEFFENTLICHUNG}zuruecknehmen/", veroeffentlichung.zuruecknehmen, name="veroeffentlichung_zuruecknehmen"),
    path(f"{VEROEFFENTLICHUNG}verwerfen/", veroeffentlichung.verwerfen, name="veroeffentlichung_verwerfen"),
    # --- declarations of interest: literals above <int:pk> -----------------------------------------------------------
    path("interessen/", interesse_liste.InteresseListView.as_view(), name="interesse_liste"),
    path("interessen/neu/", interesse_neu.InteresseCreateView.as_view(), name="interesse_neu"),
    path("interessen/fuer-andere/", interesse_neu.InteresseFuerAndereView.as_view(), name="interesse_fuer_andere"),
    path("interessen/eigene/", interesse_eigene.InteresseEigeneView.as_view(), name="interesse_eigene"),
    path(
        "interessen/bestaetigungen/",
        bestaetigung.InteresseBestaetigungenView.as_view(),
        name="interesse_bestaetigungen",
    ),
    path("interessen/bestaetigungen/<str:ags>/", bestaetigung.pflicht_setzen, name="bestaetigungspflicht_setzen"),
    path("interessen/konstellationen/", konstellation.KonstellationListView.as_view(), name="konstellation_liste"),
    path("interessen/runden/", runde.RundeListView.as_view(), name="runde_liste"),
    path("interessen/runden/neu/", runde.RundeNeuView.as_view(), name="runde_neu"),
    path(RUNDE, RundeDetailView.as_view(), name="runde_detail"),
    path(f"{RUNDE}bearbeiten/", runde.RundeBearbeitenView.as_view(), name="runde_bearbeiten"),
    path(f"{RUNDE}eroeffnen/", runde_schritte.eroeffnen, name="runde_eroeffnen"),
    path(f"{RUNDE}erinnern/", runde_schritte.erinnern, name="runde_erinnern"),
    path(f"{RUNDE}verlaengern/", runde_schritte.verlaengern, name="runde_verlaengern"),
    path(f"{RUNDE}zurueckmelden/", runde_schritte.zurueckmelden, name="runde_zurueckmelden"),
    path(f"{RUNDE}abschliessen/", runde_schritte.abschliessen, name="runde_abschliessen"),
    path(f"{RUNDE}veroeffentlichen/", runde_schritte.veroeffentlichen, name="runde_veroeffentlichen"),
    path("interessen/<int:pk>/", interesse.InteresseDetailView.as_view(), name="interesse_detail"),
    path(
        "interessen/<int:pk>/bearbeiten/",
        interesse_bearbeiten.InteresseBearbeitenView.as_view(),
        name="interesse_bearbeiten",
    ),
    path(
        "interessen/<int:pk>/anschliessen/",
        interesse_anschliessen.InteresseAnschliessenView.as_view(),
        name="interesse_anschliessen",
    ),
    path("interessen/<int:pk>/anheben/", interesse.anheben, name="interesse_anheben"),
    path("interessen/<int:pk>/zurueckziehen/", interesse.zurueckziehen, name="interesse_zurueckziehen"),
    path("interessen/<int:pk>/bestaetigen/", bestaetigung.bestaetigen, name="interesse_bestaetigen"),
    path("interessen/<int:pk>/verwerfen/", interesse.verwerfen, name="interesse_verwerfen"),
    path("interessen/<int:pk>/beleg/", interesse.beleg, name="interesse_beleg"),
    # --- the Fragebogen of a Kommune: below all literals of a round, which would be taken for an AGS
    path(BOGEN, fragebogen.FragebogenDetailView.as_view(), name="fragebogen_detail"),
    path(f"{BOGEN}stelle/", fragebogen.StelleView.as_view(), name="fragebogen_stelle"),
    path(f"{BOGEN}papier/", fragebogen.PapierView.as_view(), name="fragebogen_papier"),
    path(f"{BOGEN}interessen/", interessen.InteressenView.as_view(), name="fragebogen_interessen"),
    path(f"{BOGEN}rest-gilt-noch/", fragebogen.rest_gilt_noch, name="fragebogen_rest_gilt"),
    path(f"{BOGEN}vorlegen/", fragebogen.vorlegen, name="fragebogen_vorlegen"),
    path(f"{BOGEN}freigeben/", fragebogen.freigeben, name="fragebogen_freigeben"),
    path(f"{BOGEN}unveraendert/", fragebogen.unveraendert, name="fragebogen_unveraendert"),
    path(f"{BOGEN}antworten/neu/", antwort.AntwortNeuView.as_view(), name="antwort_neu"),
    path(ANTWORT, antwort.AntwortBearbeitenView.as_view(), name="antwort_bearbeiten"),
    path(f"{ANTWORT}gilt-noch/", antwort.gilt_noch, name="antwort_gilt_noch"),
    path(f"{ANTWORT}loeschen/", antwort.loeschen, name="antwort_loeschen"),
    path(f"{ANTWORT}uebergeben/", antwort.uebergeben, name="antwort_uebergeben"),
    path(f"{BOGEN}pruefung/", PruefungDetailView.as_view(), name="pruefung_detail"),
    path(f"{BOGEN}pruefung/unveraenderte/", pruefung.unveraenderte, name="pruefung_unveraenderte"),
    path(f"{BOGEN}pruefung/abschliessen/", pruefung.abschliessen, name="pruefung_abschliessen"),
    path(f"{BOGEN}pruefung/wieder-oeffnen/", pruefung.wieder_oeffnen, name="pruefung_wieder_oeffnen"),
    path(f"{BOGEN}pruefung/<int:antwort_pk>/", PruefungEntscheidenView.as_view(), name="pruefung_entscheiden"),
    path(f"{BOGEN}uebernehmen/", pruefung.uebernehmen, name="fragebogen_uebernehmen"),
    path(f"{BOGEN}zurueckgeben/", FragebogenZurueckgebenView.as_view(), name="fragebogen_zurueckgeben"),
]
