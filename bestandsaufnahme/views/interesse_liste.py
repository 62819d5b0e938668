from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator

from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.abfragen.interesse.rangliste import Rangliste, letzte_runde, rangliste
from bestandsaufnahme.filtersets.interesse import InteresseFilter
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte import (
    darf_interesse_abgeben,
    darf_interessen_sehen,
    sichtbare_aufgabenfelder,
    sichtbare_interessen,
    sichtbare_runden,
    zaehlbare_interessen,
)
from ikz_portal.basis.ansichten import ListenAnsicht, export_antwort
from ikz_portal.basis.diagramme import Balken, balkendiagramm
from ikz_portal.basis.formate import beide_namen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import sichtbare_kommunen


@method_decorator(login_not_required, name="dispatch")
class InteresseListView(ListenAnsicht):
    """The ranking for everybody; for whoever is signed in the declarations too. The public's file is the ranking."""

    template_name = "bestandsaufnahme/interesse/liste.html"
    filterset_class = InteresseFilter
    exportname = "interessen"
    spalten = (
        ("Kommune", lambda zeile: zeile.kommune.name),
        ("Aufgabenfeld", lambda zeile: str(zeile.aufgabenfeld or getattr(zeile.kooperationsfeld, "aufgabenfeld", ""))),
        ("Kooperationsfeld", lambda zeile: str(zeile.kooperationsfeld or "")),
        ("Art", Interessenbekundung.get_art_display),
        ("Stufe", Interessenbekundung.get_stufe_display),
        ("Status", lambda zeile: abfragen.stand(zeile, heute()).label),
        ("Abgegeben am", lambda zeile: zeile.abgegeben_am),
        ("Gültig bis", lambda zeile: zeile.gueltig_bis),
        ("Wofür", lambda zeile: zeile.wofuer),
        ("Eingetragen von", lambda zeile: beide_namen(zeile.durch, zeile.fuer)),
        ("Beispiel", lambda zeile: "ja" if zeile.beispiel else ""),
    )

    def sichtbare(self) -> InteressenbekundungQuerySet:
        return abfragen.mit_allem(sichtbare_interessen(self.request.user)).mit_feld()

    def filterset_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        return {
            "aufgabenfelder": sichtbare_aufgabenfelder(konto),
            "kommunen": sichtbare_kommunen(konto),
            "heute": heute(),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        runde = letzte_runde(sichtbare_runden(self.request.user))
        return {
            **kontext,
            "interessen": abfragen.zeilen(kontext["object_list"], heute=heute()),
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} Interessenbekundungen",
            "runde": runde,
            "runde_bild": runde and _bild(runde),
            "rangliste": self.rangliste(),
            "heute": heute(),
            "darf_abgeben": darf_interesse_abgeben(self.request.user),
            "darf_interessen_sehen": darf_interessen_sehen(self.request.user),
        }

    def rangliste(self) -> Rangliste:
        return rangliste(zaehlbare_interessen(self.request.user), felder=self.filterset.aufgabenfelder, heute=heute())

    def als_datei(self, art: str) -> HttpResponse:
        if darf_interessen_sehen(self.request.user):
            return super().als_datei(art)
        self.get_queryset()
        kopf = ["Platz", "Aufgabenfeld", "Kommunen", "davon Kooperationswille", "davon Info-Austausch"]
        zeilen = ([r.platz, r.feld, r.kommunen, r.wille, r.austausch] for r in self.rangliste().raenge)
        return export_antwort(art, name="rangliste", kopf=kopf, zeilen=zeilen)


def _bild(runde: Any) -> str:
    return balkendiagramm(
        [Balken(zeile.feld, zeile.anzahl) for zeile in runde.zeilen],
        kennung="runde",
        titel=f"{runde.name}: Interesse je Aufgabenfeld",
        beschreibung="Balken nennen die Zahl der Kommunen je Aufgabenfeld, die meisten zuerst.",
    )
