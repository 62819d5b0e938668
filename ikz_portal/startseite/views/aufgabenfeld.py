from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from bestandsaufnahme.models import Aufgabenfeld
from bestandsaufnahme.rechte import sichtbare_aufgabenfelder


@method_decorator(login_not_required, name="dispatch")
class AufgabenfeldDetailView(DetailView):
    template_name = "startseite/aufgabenfeld.html"
    context_object_name = "feld"

    def get_queryset(self) -> QuerySet[Aufgabenfeld]:
        return sichtbare_aufgabenfelder(self.request.user)
