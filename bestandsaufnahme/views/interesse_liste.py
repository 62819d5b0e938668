from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.abfragen.interesse import rangliste as raenge
from bestandsaufnahme.abfragen.interesse import rangliste_ausgabe, staende, stimmen
from bestandsaufnahme.filtersets.interesse import InteresseFilter, RanglisteFilter
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung, Interessenrunde, Rundennennung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte import (
    darf_fuer_andere_bekunden,
    darf_interesse_abgeben,
    darf_interessen_sehen,
    sichtbare_aufgabenfelder,
    sichtbare_interessen,
    sichtbare_runden,
    zaehlbare_interessen,
)
from bestandsaufnahme.views.interessenbilder import rangliste_bild, rangliste_zeilen, spanne
from ikz_portal.basis.ansichten import ListenAnsicht, export_antwort
from ikz_portal.basis.formate import beide_namen
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import sichtbare_kommunen

LISTE, RANGLISTE = "liste", "rangliste"


@method_decorator(login_not_required, name="dispatch")
class InteresseListView(ListenAnsicht):
    """The ranking of today or of a round for everybody; for whoever is signed in what it is made of, too."""

    template_name = "bestandsaufnahme/interesse/liste.html"
    filterset_class: type[RanglisteFilter] = InteresseFilter
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
        ("Wartet auf Bestätigung", lambda zeile: "ja" if abfragen.wartet(zeile, heute()) else ""),
    )

    # --- what may be seen, and what is asked for ----------------------------------------------------------------------
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The public may ask less."""
        super().setup(request, *args, **kwargs)
        if not self.sieht_einzelne:
            self.filterset_class = RanglisteFilter

    @cached_property
    def sieht_einzelne(self) -> bool:
        return darf_interessen_sehen(self.request.user)

    @cached_property
    def runden(self) -> list[Interessenrunde]:
        return staende.runden_mit_ergebnis(sichtbare_runden(self.request.user))

    @cached_property
    def felder(self) -> list[Aufgabenfeld]:
        return list(sichtbare_aufgabenfelder(self.request.user))

    @cached_property
    def kommunen(self) -> list[Kommune]:
        return list(sichtbare_kommunen(self.request.user))

    @cached_property
    def runde(self) -> Interessenrunde | None:
        """The round whose ranking is asked for; None is today."""
        gewaehlt = self.filterset.gewaehlt("stand")
        return next((runde for runde in self.runden if str(runde.pk) == gewaehlt), None)

    def sichtbare(self) -> InteressenbekundungQuerySet:
        return abfragen.mit_allem(sichtbare_interessen(self.request.user)).mit_feld()

    def filterset_kwargs(self) -> dict[str, Any]:
        fuer_alle: dict[str, Any] = {"runden": self.runden}
        if not self.sieht_einzelne:
            return fuer_alle
        return {**fuer_alle, "aufgabenfelder": self.felder, "kommunen": self.kommunen, "heute": heute()}

    @property
    def als_tabelle(self) -> bool:
        return "format" in self.request.GET

    # --- the ranking --------------------------------------------------------------------------------------------------
    @cached_property
    def ranglisten(self) -> tuple[raenge.Rangliste, raenge.Rangliste | None]:
        """The ranking that is asked for, and the one beside it: the historical round, or today where that is it."""
        daneben = staende.vergleichsrunde(self.runden, self.runde)
        summen = staende.summen([self.runde, daneben])
        gezeigt = self._gezeigte(summen)
        if self.runde is None and daneben is None:
            return gezeigt, None
        andere = self._ganze(daneben, summen)
        return (gezeigt if self._ist_teil else raenge.mit_vergleich(gezeigt, andere)), andere

    @property
    def _nur_summen(self) -> bool:
        """Tell whether the totals are all that is known, or all that may be."""
        return self.runde is not None and (staende.ueberliefert(self.runde) or not self.sieht_einzelne)

    @property
    def _ist_teil(self) -> bool:
        """Tell whether the numbers shown are a part of the whole; totals alone never are."""
        return self.filterset.schraenkt_ein and not self._nur_summen

    def _gezeigte(self, summen: dict[int, Any]) -> raenge.Rangliste:
        if self._nur_summen:
            return self._eines_feldes(self._ganze(self.runde, summen))
        alle = self._stimmen()
        if self.runde is None:
            liste = raenge.rangliste(alle, felder=self.felder)
        else:
            ganze = None if self._ist_teil else summen[self.runde.pk]
            liste = raenge.rangliste_der_runde(self.runde, ganze, felder=self.felder, stimmen=alle)
        liste = self._eines_feldes(liste)
        if not self.sieht_einzelne:
            return liste
        return raenge.mit_innen(liste, alle, felder=self.felder, kommunen=self.kommunen, alle_teile=self.als_tabelle)

    def _stimmen(self) -> list[stimmen.Stimme]:
        """Return what passes the filters; but for that by Aufgabenfeld, so that a field keeps its place among all."""
        if self.runde is None:
            return stimmen.von_heute(self.filterset.ohne(self._zaehlbare, "aufgabenfeld"), heute=heute())
        nennungen = Rundennennung.objects.filter(runde=self.runde)
        return stimmen.aus_runde(self.filterset.nennungen(nennungen, self._zaehlbare))

    def _eines_feldes(self, liste: raenge.Rangliste) -> raenge.Rangliste:
        slug = self.filterset.gewaehlt("aufgabenfeld")
        return raenge.nur(liste, slug) if slug else liste

    def _ganze(self, runde: Interessenrunde | None, summen: dict[int, Any]) -> raenge.Rangliste:
        if runde is None:
            return raenge.rangliste(stimmen.von_heute(self._zaehlbare, heute=heute()), felder=self.felder)
        return raenge.rangliste_der_runde(runde, summen[runde.pk], felder=self.felder)

    @property
    def _zaehlbare(self) -> InteressenbekundungQuerySet:
        """Return what may be counted; those that wait are told to those alone who see them one by one."""
        zaehlbare = zaehlbare_interessen(self.request.user).mit_feld()
        return zaehlbare if self.sieht_einzelne else zaehlbare.gueltige(heute())

    # --- the page -----------------------------------------------------------------------------------------------------
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        konto = self.request.user
        return {
            **kontext,
            **self._bilder(),
            "interessen": abfragen.zeilen(kontext["object_list"], heute=heute()),
            "treffer": self._treffer(kontext),
            "staende": self._staende(),
            "ohne_filter": self._adresse(**(dict.fromkeys(self.filterset.filters, "") | {"stand": self._stand})),
            "adresse": self._adresse(),
            "mit_arten": self.ranglisten[0].mit_arten and not self.filterset.gewaehlt("art"),
            "ist_teil": self._ist_teil,
            "heute": heute(),
            "darf_abgeben": darf_interesse_abgeben(konto),
            "darf_fuer_andere": darf_fuer_andere_bekunden(konto),
            "darf_interessen_sehen": self.sieht_einzelne,
        }

    def _bilder(self) -> dict[str, Any]:
        gezeigt, andere = self.ranglisten
        weite = spanne([gezeigt, andere], kommunen=len(self.kommunen))
        return {
            "rangliste": gezeigt,
            "zeilen": rangliste_zeilen(gezeigt, spanne=weite, vergleich=bool(self._titel_daneben)),
            "nichts_gezaehlt": self._nichts_gezaehlt(gezeigt),
            "vergleich": self._titel_daneben,
            "runde": andere,
            "runde_bild": andere and rangliste_bild(andere, kennung="runde", spanne=weite),
        }

    def _nichts_gezaehlt(self, gezeigt: raenge.Rangliste) -> str:
        """Say why there is nothing to see; nothing where there is."""
        if not gezeigt.leer or gezeigt.mit_beispielen or gezeigt.wartend:
            return ""
        if self._ist_teil:
            return "Mit diesen Filtern zählt keine Interessenbekundung."
        wann = "zählt" if self.runde else "heute gilt"
        return f"Noch hat keine Kommune ein Interesse bekundet, das {wann}."

    @property
    def _titel_daneben(self) -> str:
        """Return the name of the Stand whose numbers stand beside; a part isn't compared with the whole."""
        _, andere = self.ranglisten
        return andere.titel if andere and not self._ist_teil else ""

    def _treffer(self, kontext: dict[str, Any]) -> str:
        if not self.sieht_einzelne:
            return ""
        return f"{kontext['paginator'].count} von {self.anzahl_gesamt} Interessenbekundungen"

    @property
    def _stand(self) -> str:
        return str(self.runde.pk) if self.runde else ""

    def _staende(self) -> list[tuple[str, str, bool, bool]]:
        """Return name, address, whether it is an example, and whether it is shown, of each Stand."""
        runden = [(r.name, self._adresse(stand=str(r.pk)), r.beispiel, r == self.runde) for r in self.runden]
        return [("Heute", self._adresse(stand=""), False, self.runde is None), *runden]

    def _adresse(self, **anders: str) -> str:
        """Return the address of this page with other filters, from its first page on; without what it doesn't know."""
        werte = {name: self.request.GET.get(name, "") for name in self.filterset.filters} | anders
        return f"?{urlencode({name: wert for name, wert in werte.items() if wert})}"

    def angewandte_filter(self) -> list[tuple[str, str]]:
        return [(worte, url) for worte, url in super().angewandte_filter() if not worte.startswith("Stand:")]

    # --- files --------------------------------------------------------------------------------------------------------
    def als_datei(self, art: str) -> HttpResponse:
        tabelle = self.request.GET.get("tabelle", LISTE)
        if tabelle not in {LISTE, RANGLISTE}:
            raise BadRequest("Diese Tabelle gibt es nicht. Möglich sind „liste“ und „rangliste“.")
        if self.sieht_einzelne and tabelle == LISTE:
            return super().als_datei(art)
        self.get_queryset()
        liste, _ = self.ranglisten
        spalten = rangliste_ausgabe.spalten(liste, daneben=self._titel_daneben, mit_teilen=self.sieht_einzelne)
        zeilen = rangliste_ausgabe.zeilen(liste, mit_teilen=self.sieht_einzelne)
        return export_antwort(
            art,
            name=RANGLISTE,
            kopf=[name for name, _ in spalten],
            zeilen=([wert(zeile) for _, wert in spalten] for zeile in zeilen),
        )
