from django.urls import path

from ikz_portal.startseite.views import hilfe, kommune, postfach, rechtliches, start

urlpatterns = [
    path("", start.start, name="start"),
    path("kommunen/<str:ags>/", kommune.KommuneDetailView.as_view(), name="kommune_detail"),
    path("hilfe/", hilfe.HilfeView.as_view(), name="hilfe"),
    path("hilfe/<slug:kapitel>/", hilfe.HilfeView.as_view(), name="hilfe_kapitel"),
    path("postfach/", postfach.PostfachView.as_view(), name="postfach"),
    path("impressum/", rechtliches.ImpressumView.as_view(), name="impressum"),
    path("datenschutz/", rechtliches.DatenschutzView.as_view(), name="datenschutz"),
    path("barrierefreiheit/", rechtliches.BarrierefreiheitView.as_view(), name="barrierefreiheit"),
]
