from functools import cached_property
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpResponse
from django.utils.decorators import method_decorator

from bestandsaufnahme.abfragen.matrix import ausgabe
from bestandsaufnahme.abfragen.matrix import matrix as abfragen
from bestandsaufnahme.abfragen.matrix.je_kommune import je_kommune
from bestandsaufnahme.abfragen.matrix.netz import netz
from bestandsaufnahme.abfragen.matrix.seiten import Abschnitt, Feld, auf_seiten
from bestandsaufnahme.abfragen.matrix.waerme import waerme
from bestandsaufnahme.abfragen.matrix.zaehlung import grundlage, zaehlbare
from bestandsaufnahme.filtersets.matrix import ANSICHTEN, KOMMUNEN, NETZ, TABELLE, WAERME, MatrixFilter
from bestandsaufnahme.models import Aufgabenfeld, Erhebung
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from bestandsaufnahme.rechte import (
    darf_kooperation_bearbeiten,
    darf_matrix_einlesen,
    geheime_erhebungen,
    massgebliche_erhebungen,
    sichtbare_aufgabenfelder,
    sichtbare_beteiligungen,
    sichtbare_kooperationen,
    sichtbare_kooperationsfelder,
)
from bestandsaufnahme.views.matrixbilder import netz_bild, waerme_bild
from ikz_portal.basis.ansichten import ListenAnsicht, export_antwort
from ikz_portal.basis.formate import tag
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import sichtbare_kommunen

HAEUFIGSTE_PAARE = 15


@method_decorator(login_not_required, name="dispatch")
class MatrixView(ListenAnsicht):
    """The matrix of a day, in one of four views of the same filtered marks."""

    template_name = "bestandsaufnahme/matrix/matrix.html"
    filterset_class = MatrixFilter
    paginate_by = None  # its pages are whole Aufgabenfelder, not rows of this queryset
    exportname = "bestandsaufnahme"

    @cached_property
    def erhebungen(self) -> list[Erhebung]:
        return list(massgebliche_erhebungen(self.request.user))

    @cached_property
    def geheime(self) -> list[int]:
        return list(geheime_erhebungen(self.request.user))

    @cached_property
    def aufgabenfelder(self) -> dict[int, Aufgabenfeld]:
        return {feld.pk: feld for feld in self.filterset.aufgabenfelder}

    @cached_property
    def gezeigte_kommunen(self) -> list[Kommune]:
        ags = self.filterset.gewaehlt("kommune")
        return [kommune for kommune in self.filterset.kommunen if not ags or kommune.ags == ags]

    def filterset_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        letzte = abfragen.erhebung_vom(self.erhebungen, heute())
        return {
            "aufgabenfelder": sichtbare_aufgabenfelder(konto),
            "kommunen": sichtbare_kommunen(konto),
            "heute": heute(),
            "standard": letzte.stichtag if letzte else heute(),
            "geheime": self.geheime,
        }

    def sichtbare(self) -> BeteiligungQuerySet:
        return sichtbare_beteiligungen(self.request.user)

    def gesamtzahl(self, sichtbare: Any) -> int:
        """Count nothing here: whether there is anything at all is asked where the page has nothing to show."""
        return 0

    def angewandte_filter(self) -> list[tuple[str, str]]:
        stichtag = f"Stichtag: {tag(self.filterset.tag)}"
        return [
            (stichtag if worte.startswith("Stichtag:") else worte, url)
            for worte, url in super().angewandte_filter()
            if not worte.startswith("Ansicht:")
        ]

    def als_datei(self, art: str) -> HttpResponse:
        marken = cast(BeteiligungQuerySet, self.get_queryset())
        zeilen = ausgabe.zeilen(marken, stichtag=self.filterset.tag, geheime=self.geheime)
        return export_antwort(art, name=self.exportname, kopf=ausgabe.SPALTEN, zeilen=zeilen)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        konto, auswahl = self.request.user, self.filterset
        umfang = abfragen.umfang(auswahl.qs)
        je_ansicht = {WAERME: self._waerme, NETZ: self._netz}
        inhalt = je_ansicht.get(auswahl.gewaehlte_ansicht, self._matrix) if umfang.zeichen else self._leer
        return {
            **super().get_context_data(**kwargs),
            **inhalt(umfang),
            "leer": not umfang.zeichen,
            "treffer": umfang.worte,
            "stichtag": auswahl.tag,
            "heute_url": self._adresse(stichtag=heute().isoformat()) if auswahl.tag != heute() else "",
            "erhebung": abfragen.erhebung_vom(self.erhebungen, auswahl.tag),
            "ansicht": auswahl.gewaehlte_ansicht,
            "ansichten": [(name, worte, self._adresse(ansicht=name)) for name, worte in ANSICHTEN],
            "ohne_filter": self._ohne_filter(),
            "darf_bearbeiten": darf_kooperation_bearbeiten(konto),
            "darf_einlesen": darf_matrix_einlesen(konto),
        }

    def _ohne_filter(self) -> str:
        ansicht = self.filterset.gewaehlte_ansicht
        return self.request.path if ansicht == TABELLE else f"{self.request.path}?ansicht={ansicht}"

    def _leer(self, umfang: abfragen.Umfang) -> dict[str, Any]:
        return {"erster_tag": abfragen.erster_tag(self.sichtbare())}

    def _matrix(self, umfang: abfragen.Umfang) -> dict[str, Any]:
        auswahl = self.filterset
        seiten = auf_seiten(self._felder(umfang))
        seite = self._seite(seiten)
        bild = abfragen.matrix(
            auswahl.ohne("kommune", "status"),
            seite=seite.object_list[0],
            aufgabenfelder=self.aufgabenfelder,
            kommunen=auswahl.kommunen,
            spalten=self.gezeigte_kommunen,
            stichtag=auswahl.tag,
            kooperationen=sichtbare_kooperationen(self.request.user),
            status=auswahl.gewaehlt("status"),
            geheime=self.geheime,
        )
        liste = je_kommune(bild, self.gezeigte_kommunen) if auswahl.gewaehlte_ansicht == KOMMUNEN else []
        return {
            "matrix": bild,
            "kommunen": self.gezeigte_kommunen,
            "liste": liste,
            "seite": seite,
            "verzeichnis": self._verzeichnis(seiten),
        }

    def _waerme(self, umfang: abfragen.Umfang) -> dict[str, Any]:
        auswahl = self.filterset
        bild = waerme(
            zaehlbare(auswahl.qs, status=auswahl.gewaehlt("status")),
            felder=self._felder(umfang),
            aufgabenfelder=self.aufgabenfelder,
            spalten=self.gezeigte_kommunen,
            einzeln=True if auswahl.gewaehlt("aufgabenfeld") else None,
        )
        adressen = {gruppe.kopf.slug: self._adresse(aufgabenfeld=gruppe.kopf.slug) for gruppe in bild.gruppen}
        return {
            "waerme": bild,
            "bild": waerme_bild(bild, self.gezeigte_kommunen, adressen, auswahl.tag),
            "kommunen": self.gezeigte_kommunen,
            "grundlage": self._grundlage(auswahl.qs),
            "vollstaendig": not (auswahl.schraenkt_ein or auswahl.gewaehlt("aufgabenfeld")),
        }

    def _netz(self, umfang: abfragen.Umfang) -> dict[str, Any]:
        """Who works with one Kommune is seen from those that it works with, so that filter comes last here."""
        auswahl = self.filterset
        alle = auswahl.ohne("kommune")
        gewaehlte = next((kommune for kommune in self.gezeigte_kommunen if auswahl.gewaehlt("kommune")), None)
        bild = netz(
            zaehlbare(alle, status=auswahl.gewaehlt("status")),
            kommunen=auswahl.kommunen,
            nur=gewaehlte.pk if gewaehlte else None,
        )
        adressen = [self._adresse(kommune=kommune.ags) for kommune in auswahl.kommunen]
        return {
            "netz": bild,
            "bild": netz_bild(bild, adressen, auswahl.tag),
            "haeufigste": bild.haeufigste(HAEUFIGSTE_PAARE),
            "gewaehlte": gewaehlte,
            "ohne_kommune": self._adresse(kommune=""),
            "grundlage": self._grundlage(alle),
        }

    def _felder(self, umfang: abfragen.Umfang) -> list[Feld]:
        """Rows without a mark are left out where a filter asks for certain marks."""
        felder = sichtbare_kooperationsfelder(self.request.user)
        if slug := self.filterset.gewaehlt("aufgabenfeld"):
            felder = felder.filter(aufgabenfeld__slug=slug)
        alle = abfragen.felder_in_reihe(felder)
        return [feld for feld in alle if feld.pk in umfang.felder] if self.filterset.schraenkt_ein else alle

    def _grundlage(self, marken: BeteiligungQuerySet) -> str:
        auswahl = self.filterset
        return grundlage(marken, stichtag=auswahl.tag, status=auswahl.gewaehlt("status")).satz

    def _seite(self, seiten: list[list[Abschnitt]]) -> Page:
        try:
            return Paginator(seiten, 1).page(self.request.GET.get(self.page_kwarg) or 1)
        except InvalidPage as fehler:
            raise Http404("Diese Seite der Matrix gibt es nicht.") from fehler

    def _verzeichnis(self, seiten: list[list[Abschnitt]]) -> list[tuple[int, str, list[tuple[str, str]]]]:
        """Return for every page its number, its address and its Aufgabenfelder with their anchors."""
        verzeichnis = []
        for nummer, abschnitte in enumerate(seiten, start=1):
            url = self._adresse(**{self.page_kwarg: str(nummer)})
            namen = [(self._name(abschnitt), f"{url}#{self._slug(abschnitt)}") for abschnitt in abschnitte]
            verzeichnis.append((nummer, url, namen))
        return verzeichnis

    def _name(self, abschnitt: Abschnitt) -> str:
        teil = f" ({abschnitt.teil} von {abschnitt.teile})" if abschnitt.teile > 1 else ""
        return f"{self.aufgabenfelder[abschnitt.aufgabenfeld].name}{teil}"

    def _slug(self, abschnitt: Abschnitt) -> str:
        return self.aufgabenfelder[abschnitt.aufgabenfeld].slug

    def _adresse(self, **anders: str) -> str:
        """Return the address of this page with other parameters, from its first page on."""
        abfrage = self.request.GET.copy()
        abfrage.pop(self.page_kwarg, None)
        for name, wert in anders.items():
            abfrage[name] = wert
        return f"?{abfrage.urlencode()}"
