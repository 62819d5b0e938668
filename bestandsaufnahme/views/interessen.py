"""The page of a Fragebogen on which all Aufgabenfelder stand: each row is an answer of its own, with its version."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from bestandsaufnahme.abfragen.erhebung.fragebogen import laufende_interessen
from bestandsaufnahme.ablaeufe import antwort as ablauf
from bestandsaufnahme.ablaeufe.antwort import InteresseAngaben
from bestandsaufnahme.auswahl import AntwortArt
from bestandsaufnahme.forms.fragebogen import InteressenForm
from bestandsaufnahme.models import Fragebogen, Fragebogenantwort
from bestandsaufnahme.rechte import sichtbare_interessen
from bestandsaufnahme.views.fragebogen import ausfuellbarer, wege, zum_fragebogen
from ikz_portal.basis import rueckblick, unterschiede, verlauf
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes


class InteressenView(BearbeitenAnsicht):
    template_name = "bestandsaufnahme/fragebogen/interessen.html"
    template_veraltet = "bestandsaufnahme/fragebogen/veraltet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.objekt = ausfuellbarer(request, kwargs["pk"], kwargs["ags"])
        self.antworten = _antworten(self.objekt)
        if not self.antworten:
            raise Http404("Diese Erhebung fragt nicht nach Interessen.")
        bekundungen = sichtbare_interessen(request.user).filter(kommune=self.objekt.kommune).gueltige(heute())
        self.bekundet = laufende_interessen(bekundungen)

    def formular(self, daten: QueryDict | None, objekt: Fragebogen) -> InteressenForm:
        return self._form(daten, self.antworten)

    def _form(self, daten: QueryDict | None, antworten: Sequence[Fragebogenantwort]) -> InteressenForm:
        return InteressenForm(daten, antworten=antworten, bekundet=self.bekundet)

    def sichern(self, form: InteressenForm) -> Fragebogen:
        self.anzahl = ablauf.interessen_speichern(
            fragebogen=self.objekt,
            zeilen=self._beruehrte(form.angaben()),
            durch=angemeldetes(self.request.user),
            heute=heute(),
            jetzt=timezone.now(),
        )
        return self.objekt

    def _beruehrte(self, zeilen: Sequence[InteresseAngaben]) -> list[InteresseAngaben]:
        """Leave out what the person didn't touch while a colleague answered it: that stays as the colleague said."""
        veraltete = {zeile.pk: zeile.version for zeile in zeilen if zeile.version != self._versionen[zeile.pk]}
        if not veraltete:
            return list(zeilen)
        gelesene = self._form(None, _wie_gelesen(self.antworten, _seither(veraltete)))
        return [zeile for zeile in zeilen if zeile.pk not in veraltete or not _unberuehrt(zeile, gelesene)]

    @property
    def _versionen(self) -> dict[int, int]:
        return {antwort.pk: antwort.version for antwort in self.antworten}

    def gesichert(self, objekt: Fragebogen) -> HttpResponse:
        if self.anzahl:
            felder = "1 Aufgabenfeld" if self.anzahl == 1 else f"{self.anzahl} Aufgabenfeldern"
            messages.success(self.request, f"Ihre Angaben zu {felder} sind gespeichert.")
        else:
            messages.info(self.request, "Es war nichts geändert.")
        return zum_fragebogen(objekt)

    def veraltet(self, form: InteressenForm) -> HttpResponse:
        """Show both editions, row by row; what goes along names the versions that are shown now."""
        gelesene = {zeile.pk: zeile.version for zeile in form.angaben()}
        self.antworten = _antworten(self.objekt)
        seither = _seither(gelesene).select_related("konto", "fuer")
        damals = self._form(None, _wie_gelesen(self.antworten, seither))
        jetzige = {f"version-{pk}": str(version) for pk, version in self._versionen.items()}
        abgleich = unterschiede.Abgleich(
            version=self.objekt.version,
            vorgaenge=verlauf.vorgaenge(seither),
            unterschiede=unterschiede.unterschiede(self._formular(), form, damals),
            mitgeschickt=[
                (name, jetzige.get(name, wert)) for name, wert in unterschiede.mitgeschickt(cast(QueryDict, form.data))
            ],
        )
        kontext = {"objekt": self.objekt, "abgleich": abgleich}
        return render(self.request, self.template_veraltet, kontext, status=HTTPStatus.CONFLICT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **wege(self.objekt))


def _antworten(fragebogen: Fragebogen) -> list[Fragebogenantwort]:
    alle = fragebogen.antworten.filter(art=AntwortArt.INTERESSE).select_related("aufgabenfeld")
    return list(alle.order_by("aufgabenfeld__reihenfolge"))


def _seither(versionen: dict[int, int]) -> AenderungQuerySet:
    """Return what was changed of these answers since those versions, the newest first."""
    bedingung = Q(pk__in=[])
    for pk, version in versionen.items():
        bedingung |= Q(objekt=str(pk), stand__version__gt=version)
    return Aenderung.objects.filter(bedingung, tabelle=Fragebogenantwort._meta.db_table)


def _wie_gelesen(antworten: Sequence[Fragebogenantwort], seither: AenderungQuerySet) -> list[Fragebogenantwort]:
    return rueckblick.vorher(Fragebogenantwort, antworten, seither)


def _unberuehrt(zeile: InteresseAngaben, gelesene: InteressenForm) -> bool:
    damals = {feld: gelesene.initial[f"{feld}-{zeile.pk}"] for feld in ("aussage", "erlaeuterung", "prioritaet")}
    return damals == {
        "aussage": zeile.aussage,
        "erlaeuterung": zeile.erlaeuterung,
        "prioritaet": zeile.angaben.get("prioritaet", ""),
    }
