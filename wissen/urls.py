from django.urls import path

from wissen.views.beitrag import BeitragDetailView, BeitragListView

urlpatterns = [
    path("wissen/", BeitragListView.as_view(), name="beitrag_liste"),
    path("wissen/<slug:slug>/", BeitragDetailView.as_view(), name="beitrag_detail"),
]
