from django.urls import path

from projekte.views import ansicht, bericht
from projekte.views.auftrag import AuftragDetailView
from projekte.views.formular import ProjektBearbeitenView, ProjektNeuView
from projekte.views.liste import ProjektListView
from projekte.views.projekt import AblaufplanView, ProjektDetailView

urlpatterns = [
    # --- Projekte: fixed names come before the slug -------------------------------------------------------------------
    path("projekte/", ProjektListView.as_view(), name="projekt_liste"),
    path("projekte/neu/", ProjektNeuView.as_view(), name="projekt_neu"),
    path("projekte/ansichten/speichern/", ansicht.speichern, name="ansicht_speichern"),
    path("projekte/ansichten/<int:pk>/loeschen/", ansicht.loeschen, name="ansicht_loeschen"),
    path("projekte/<slug:slug>/", ProjektDetailView.as_view(), name="projekt_detail"),
    path("projekte/<slug:slug>/bearbeiten/", ProjektBearbeitenView.as_view(), name="projekt_bearbeiten"),
    path("projekte/<slug:slug>/ablaufplan/", AblaufplanView.as_view(), name="projekt_ablaufplan"),
    path("projekte/<slug:slug>/auftrag/", AuftragDetailView.as_view(), name="auftrag_detail"),
    path("projekte/<slug:slug>/auftrag/<int:version>/", AuftragDetailView.as_view(), name="auftrag_version"),
    # --- Berichte -----------------------------------------------------------------------------------------------------
    path("berichte/", bericht.BerichtListView.as_view(), name="bericht_liste"),
    path("berichte/<uuid:pk>/", bericht.BerichtDetailView.as_view(), name="bericht_detail"),
    path("berichte/<uuid:pk>.pdf", bericht.bericht_pdf, name="bericht_pdf"),
    path("berichte/<uuid:pk>/wiederholen/", bericht.bericht_wiederholen, name="bericht_wiederholen"),
    path("berichte/<uuid:pk>/freigeben/", bericht.bericht_freigeben, name="bericht_freigeben"),
]
