"""The gallery of all components, for those who build pages; it exists while DEBUG is on."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ikz_portal.basis.auswahl import LaufStatus

SYMBOLE = (
    "haken punkt kreis-gestrichelt stern kreuz frage dreieck quadrat quadrat-leer kreis-plus plus pfeil-rechts "
    "dokument herunterladen person personen suche kalender warnung info extern stift liste karte diagramm filter "
    "zurueck minus ungleich"
)
SPALTEN = "Ahausen Bergheim Cornstadt Dorfhausen Eichwald Feldkirchen Grünberg-Waldau Hochfeld"
TEXT = """# Was das bringt

Eine **gemeinsame Vergabestelle** entlastet kleine Verwaltungen. Die [Vereinbarung](https://ikz.example/) regelt *Kosten
und Aufsicht*.

- eine Ansprechperson
- gleiche Unterlagen

> „Wir schreiben heute sicherer aus als zuvor.“
"""
MATRIX = (
    ("Standesamt", ("quadrat", "quadrat-leer", "", "punkt", "quadrat", "", "kreis-plus", "")),
    ("Gefahrgutüberwachung", ("", "punkt", "punkt", "", "quadrat", "plus", "", "quadrat")),
    ("Volkshochschule", ("quadrat", "quadrat", "quadrat", "", "", "quadrat-leer", "", "punkt")),
    ("Vergabestelle", ("", "", "kreis-plus", "plus", "", "punkt", "quadrat", "")),
)


class MusterForm(forms.Form):
    titel = forms.CharField(label="Titel", help_text="So, wie er im Bericht stehen soll.", max_length=80)
    email = forms.EmailField(label="E-Mail-Adresse")
    feld = forms.ChoiceField(label="Aufgabenfeld", choices=[("", "Bitte wählen"), ("1", "Personal"), ("2", "IT")])
    art = forms.ChoiceField(
        label="Art der Zusammenarbeit",
        choices=[("a", "Austausch"), ("b", "gemeinsame Stelle")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label="Begründung", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    frei = forms.BooleanField(label="Die Angaben dürfen veröffentlicht werden", required=False)


class MusterFilterForm(forms.Form):
    status = forms.ChoiceField(label="Status", choices=[("", "alle"), *LaufStatus.choices], required=False)
    kommune = forms.ChoiceField(label="Kommune", choices=[("", "alle")], required=False)
    q = forms.CharField(label="Titel enthält", required=False)


@login_not_required
def galerie(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    kontext = {
        "symbole": SYMBOLE.split(),
        "zustaende": list(LaufStatus),
        "matrix": MATRIX,
        "spalten": SPALTEN.split(),
        "seite": Paginator(range(1, 201), 10).get_page(request.GET.get("seite", 4)),
        "filter": [("Status: in Arbeit", "?"), ("Aufgabenfeld: Personal", "?")],
        "formular": MusterForm({"email": "keine-adresse"}),
        "filterformular": MusterFilterForm(auto_id="filter_%s"),
        "text": TEXT,
    }
    return render(request, "bausteine/galerie.html", kontext)
