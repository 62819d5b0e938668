from django.urls import path

from ikz_portal.betrieb.views import nachricht

urlpatterns = [
    path("betrieb/nachrichten/", nachricht.NachrichtListView.as_view(), name="nachricht_liste"),
    path("betrieb/nachrichten/<int:pk>/", nachricht.NachrichtDetailView.as_view(), name="nachricht_detail"),
    path("betrieb/nachrichten/<int:pk>/senden/", nachricht.wiederholen, name="nachricht_wiederholen"),
]
