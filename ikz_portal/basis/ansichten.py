"""What pages share. Lists: filters out of the query parameters, pages by `seite`, the filtered rows as a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import ListView
from django_filters import FilterSet

from ikz_portal.basis import export, formate


def export_antwort(art: str, *, name: str, kopf: Sequence[str], zeilen: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return the rows as a file to download, named after what it holds."""
    inhalt = export.tabelle(art, kopf=kopf, zeilen=zeilen)
    antwort = HttpResponse(inhalt, content_type=export.INHALTSTYPEN[art])
    antwort["Content-Disposition"] = f'attachment; filename="{name}.{art}"'
    return antwort


@contextmanager
def ablehnung_melden(request: HttpRequest) -> Iterator[None]:
    """Say on the next page why an operation refused; what follows it in the block is skipped then."""
    try:
        yield
    except ValidationError as fehler:
        messages.error(request, " ".join(fehler.messages))


class ListenAnsicht(ListView):
    """A list page: name the template, the FilterSet and the columns of the export, and return what may be seen."""

    page_kwarg = "seite"
    paginate_by: int | None = 50
    filterset_class: type[FilterSet]
    exportname: str
    spalten: tuple[tuple[str, Callable[[Any], Any]], ...] = ()

    def sichtbare(self) -> QuerySet[Any]:
        """Return the rows that this person may see, before any filter."""
        raise NotImplementedError

    def gesamtzahl(self, sichtbare: QuerySet[Any]) -> int:
        """Return how many there are before any filter."""
        return sichtbare.count()

    def filterset_kwargs(self) -> dict[str, Any]:
        """Return what the FilterSet takes beside parameters and rows, such as the choices this person may see."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        art = request.GET.get("format")
        if art is None:
            return super().get(request, *args, **kwargs)
        if art not in export.INHALTSTYPEN:
            raise BadRequest("Dieses Dateiformat gibt es nicht. Möglich sind „xlsx“ und „csv“.")
        return self.als_datei(art)

    def get_queryset(self) -> QuerySet[Any]:
        sichtbare = self.sichtbare()
        self.anzahl_gesamt = self.gesamtzahl(sichtbare)
        self.filterset = self.filterset_class(
            self.request.GET, queryset=sichtbare, request=self.request, **self.filterset_kwargs()
        )
        if not self.filterset.is_valid():
            raise BadRequest(" ".join(str(satz) for saetze in self.filterset.errors.values() for satz in saetze))
        return self.filterset.qs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            filterset=self.filterset,
            anzahl_gesamt=self.anzahl_gesamt,
            angewandte_filter=self.angewandte_filter(),
        )

    def angewandte_filter(self) -> list[tuple[str, str]]:
        """Return (what is applied, in words; the address without it) for every filter in use."""
        gewaehlt = []
        for name, feld in self.filterset.form.fields.items():
            wert = self.request.GET.get(name, "")
            if wert:
                rest = self.request.GET.copy()
                rest.pop(name)
                rest.pop(self.page_kwarg, None)
                tag = self.filterset.form.cleaned_data.get(name)
                worte = (
                    formate.tag(tag) if isinstance(tag, date) else dict(getattr(feld, "choices", ())).get(wert, wert)
                )
                gewaehlt.append((f"{feld.label}: {worte}", f"?{rest.urlencode()}"))
        return gewaehlt

    def als_datei(self, art: str) -> HttpResponse:
        return export_antwort(
            art,
            name=self.exportname,
            kopf=[kopf for kopf, _ in self.spalten],
            zeilen=([wert(zeile) for _, wert in self.spalten] for zeile in self.get_queryset()),
        )
