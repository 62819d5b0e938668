from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator

from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.diagramme import kachelkarte
from kommunen.abfragen import kommune as abfragen
from kommunen.filtersets import KommuneFilter
from kommunen.models import Kommune
from kommunen.models.kommune import KommuneQuerySet, groessenklasse
from kommunen.rechte import sichtbare_kommunen


@method_decorator(login_not_required, name="dispatch")
class KommuneListView(ListenAnsicht):
    template_name = "kommunen/kommune/liste.html"
    context_object_name = "kommunen"
    filterset_class = KommuneFilter
    paginate_by = None  # sum and map are those of all
    exportname = "kommunen"
    spalten = (
        ("AGS", lambda kommune: kommune.ags),
        ("Name", lambda kommune: kommune.name),
        ("Art", Kommune.get_art_display),
        ("Einwohner", lambda kommune: kommune.einwohner),
        ("Stichtag", lambda kommune: kommune.einwohner_stichtag),
        ("Fläche in km²", lambda kommune: kommune.flaeche_km2),
        ("Größenklasse", lambda kommune: "" if kommune.ist_kreis else groessenklasse(kommune.einwohner)),
        ("Größenklasse laut Vortrag 2022", lambda kommune: kommune.groessenklasse_vortrag),
    )

    def sichtbare(self) -> KommuneQuerySet:
        kommunen = sichtbare_kommunen(self.request.user)
        self.stichtag = abfragen.gemeinsamer_stichtag(kommunen)
        return kommunen.mit_einwohnern(self.stichtag)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        gezeigte = list(kontext["kommunen"])
        liste = abfragen.liste(gezeigte, stichtag=self.stichtag)
        karte = kachelkarte(
            abfragen.kacheln(gezeigte),
            kennung="kachelkarte",
            titel="Kachelkarte der Kommunen",
            beschreibung="Jede Kachel steht für eine Kommune, ungefähr dort, wo sie im Kreis liegt. "
            "Die Zahl nennt die Einwohner; je kräftiger die Kachel, desto größer die Größenklasse.",
        )
        treffer = f"{len(gezeigte)} von {self.anzahl_gesamt} Kommunen"
        return {**kontext, "liste": liste, "karte": karte, "stichtag": self.stichtag, "treffer": treffer}
