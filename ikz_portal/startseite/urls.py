from django.urls import path

from ikz_portal.startseite.views import (
    aufgabenfeld,
    benachrichtigungen,
    eigene_daten,
    hilfe,
    kommune,
    postfach,
    protokoll,
    rechtliches,
    start,
    starthilfe,
    verlauf,
)

urlpatterns = [
    path("", start.start, name="start"),
    path("kommunen/<str:ags>/", kommune.KommuneDetailView.as_view(), name="kommune_detail"),
    path("aufgabenfelder/<slug:slug>/", aufgabenfeld.AufgabenfeldDetailView.as_view(), name="aufgabenfeld_detail"),
    path("aufgabenfelder/<slug:slug>/beobachten/", aufgabenfeld.beobachten, name="aufgabenfeld_beobachten"),
    path("aufgabenfelder/<slug:slug>/projektidee/", starthilfe.StarthilfeView.as_view(), name="starthilfe_neu"),
    path("konto/daten/", eigene_daten.eigene_daten, name="eigene_daten"),
    path("konto/daten.json", eigene_daten.export, name="eigene_daten_export"),
    path("konto/benachrichtigungen/", benachrichtigungen.BenachrichtigungenView.as_view(), name="benachrichtigungen"),
    path(
        "konto/benachrichtigungen/abbestellen/<str:token>/",
        benachrichtigungen.AbbestellenView.as_view(),
        name="abbestellen",
    ),
    path("hilfe/", hilfe.HilfeView.as_view(), name="hilfe"),
    path("hilfe/<slug:kapitel>/", hilfe.HilfeView.as_view(), name="hilfe_kapitel"),
    path("postfach/", postfach.PostfachView.as_view(), name="postfach"),
    path("protokoll/", protokoll.ProtokollView.as_view(), name="protokoll"),
    path("verlauf/<str:modell>/<str:pk>/", verlauf.VerlaufView.as_view(), name="verlauf"),
    path("impressum/", rechtliches.ImpressumView.as_view(), name="impressum"),
    path("datenschutz/", rechtliches.DatenschutzView.as_view(), name="datenschutz"),
    path("barrierefreiheit/", rechtliches.BarrierefreiheitView.as_view(), name="barrierefreiheit"),
]
