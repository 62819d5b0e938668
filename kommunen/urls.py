from django.urls import path

from kommunen.views.kommune import KommuneListView

urlpatterns = [path("kommunen/", KommuneListView.as_view(), name="kommune_liste")]
