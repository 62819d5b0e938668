"""All that the portal keeps of the person who is signed in: to read, and to take along."""

import json
from collections.abc import Iterator

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ikz_portal.startseite.abfragen.eigene_angaben import ANGABEN
from ikz_portal.startseite.abfragen.eigene_daten import datei, uebersicht
from ikz_portal.startseite.abfragen.eigene_eintraege import EINTRAEGE
from ikz_portal.startseite.abfragen.eigene_erhebungen import ERHEBUNGEN
from ikz_portal.startseite.abfragen.eigene_interessen import INTERESSEN
from kommunen.models import Konto
from kommunen.rechte import angemeldetes

TEILE = (*ANGABEN, *INTERESSEN, *ERHEBUNGEN, *EINTRAEGE)


@require_safe
def eigene_daten(request: HttpRequest) -> HttpResponse:
    konto = angemeldetes(request.user)
    return render(request, "startseite/eigene_daten.html", {"uebersicht": uebersicht(TEILE, konto)})


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Send it as JSON, row by row: the record of many years needs no memory for all of it."""
    konto = angemeldetes(request.user)
    antwort = StreamingHttpResponse(_json(konto), content_type="application/json")
    antwort["Content-Disposition"] = 'attachment; filename="meine-daten.json"'
    antwort["Cache-Control"] = "no-store"
    return antwort


def _json(konto: Konto) -> Iterator[str]:
    yield f'{{"portal": {_text(settings.BASE_URL)}, "erstellt_am": {_text(timezone.now())}, "daten": {{'
    for nummer, (teil, zeilen) in enumerate(datei(TEILE, konto)):
        yield f"{',' * bool(nummer)}\n{_text(teil.schluessel)}: {{"
        yield f'"titel": {_text(teil.titel)}, "zweck": {_text(teil.zweck)}, "dauer": {_text(teil.frist())}, '
        yield '"eintraege": ['
        for stelle, zeile in enumerate(zeilen):
            yield f"{',' * bool(stelle)}\n  {_text(zeile)}"
        yield "]}"
    yield "}}\n"


def _text(wert: object) -> str:
    return json.dumps(wert, cls=DjangoJSONEncoder, ensure_ascii=False)
