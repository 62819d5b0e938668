from django.urls import path

from bestandsaufnahme.views import interesse
from bestandsaufnahme.views.kooperation import KooperationDetailView
from bestandsaufnahme.views.matrix import MatrixView

urlpatterns = [
    path("bestandsaufnahme/", MatrixView.as_view(), name="matrix"),
    path("bestandsaufnahme/kooperationen/<int:pk>/", KooperationDetailView.as_view(), name="kooperation_detail"),
    path("interessen/", interesse.InteresseListView.as_view(), name="interesse_liste"),
    path("interessen/neu/", interesse.InteresseCreateView.as_view(), name="interesse_neu"),
    path("interessen/<int:pk>/", interesse.InteresseDetailView.as_view(), name="interesse_detail"),
    path("interessen/<int:pk>/zurueckziehen/", interesse.zurueckziehen, name="interesse_zurueckziehen"),
]
