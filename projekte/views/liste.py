from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.decorators import method_decorator

from bestandsaufnahme.rechte import sichtbare_aufgabenfelder
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.gespeicherte_ansichten import ansichten
from ikz_portal.basis.zeit import heute
from kommunen.rechte import sichtbare_kommunen
from projekte.abfragen import portfolio
from projekte.filtersets import ProjektFilter
from projekte.models.projekt import ProjektQuerySet
from projekte.rechte import darf_projekt_anlegen, darf_teilnahmen_sehen, sichtbare_projekte

SEITE = "projekt_liste"
# Where the session keeps a name that was refused for a view, until the list has told it.
ABGELEHNT = "ansicht_abgelehnt"
SPALTEN = (("name", "Projekt"), ("status", "Status"), ("beginn", "Zeitraum"))


@method_decorator(login_not_required, name="dispatch")
class ProjektListView(ListenAnsicht):
    template_name = "projekte/projekt/liste.html"
    context_object_name = "projekte"
    filterset_class = ProjektFilter
    exportname = "projekte"
    spalten = (
        ("Projekt", lambda zeile: zeile.name),
        ("Aufgabenfeld", lambda zeile: zeile.aufgabenfeld),
        ("Status", lambda zeile: zeile.status.label),
        ("Hinweis zum Status", lambda zeile: zeile.status_hinweis),
        ("Zeitraum", lambda zeile: zeile.zeitraum),
        ("Teilnahme", lambda zeile: zeile.teilnahme.zustimmungen),
        ("von", lambda zeile: zeile.teilnahme.von),
        ("Herkunft der Zahl", lambda zeile: zeile.teilnahme.herkunft),
        ("noch ausstehend", lambda zeile: zeile.teilnahme.ausstehend),
        ("nächster Meilenstein", lambda zeile: zeile.termin and zeile.termin.name),
        ("fällig am", lambda zeile: zeile.termin and zeile.termin.faellig),
        ("überfällige Meilensteine", lambda zeile: zeile.ueberfaellig),
        ("aufgegangen in", lambda zeile: zeile.aufgegangen_in),
        ("Beispiel", lambda zeile: "ja" if zeile.beispiel else ""),
    )

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.heute = heute()

    def sichtbare(self) -> ProjektQuerySet:
        return portfolio.portfolio(sichtbare_projekte(self.request.user), heute=self.heute)

    def filterset_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        return {
            "aufgabenfelder": sichtbare_aufgabenfelder(konto),
            "kommunen": sichtbare_kommunen(konto) if darf_teilnahmen_sehen(konto) else None,
        }

    def get_queryset(self) -> Any:
        """Leave out what was absorbed by later ones: that stands apart on the page. A file has them all, as rows."""
        self.gefilterte = super().get_queryset().order_by(*self.sortierung())
        if "format" in self.request.GET:
            return portfolio.zeilen(self.gefilterte)
        return self.gefilterte.filter(aufgegangen__isnull=True)

    def sortierung(self) -> tuple[Any, ...]:
        self.sortiert = self.request.GET.get("sortierung") or "status"
        if self.sortiert not in portfolio.SORTIERUNGEN:
            raise BadRequest("Sortierung: Möglich sind „name“, „status“ und „beginn“, mit „-“ davor umgekehrt.")
        return portfolio.SORTIERUNGEN[self.sortiert]

    def spaltenkopf(self, name: str, titel: str) -> dict[str, str]:
        """Return the head of a column and its link, which turns the order round where it holds."""
        abfrage = self.request.GET.copy()
        abfrage.pop(self.page_kwarg, None)
        abfrage["sortierung"] = f"-{name}" if self.sortiert == name else name
        richtung = {name: "ascending", f"-{name}": "descending"}.get(self.sortiert, "")
        return {"titel": titel, "url": f"?{abfrage.urlencode()}", "richtung": richtung}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        zahlen = portfolio.zahlen(sichtbare_projekte(self.request.user).eigenstaendige())
        was = "Projekt" if zahlen.alle == 1 else "Projekten"
        aufgegangene = self.gefilterte.filter(aufgegangen__isnull=False)
        return {
            **kontext,
            "zeilen": portfolio.zeilen(kontext["projekte"]),
            "aufgegangene": portfolio.zeilen(aufgegangene),
            "zahlen": zahlen,
            "treffer": f"{kontext['paginator'].count} von {zahlen.alle} {was}",
            "spaltenkoepfe": [self.spaltenkopf(*spalte) for spalte in SPALTEN],
            "ansichten": ansichten(self.request.user, seite=SEITE),
            "ansicht_abgelehnt": self.request.session.pop(ABGELEHNT, None),
            "parameter": self.request.GET.urlencode(),
            "darf_anlegen": darf_projekt_anlegen(self.request.user),
        }
