"""The charts of the matrix, drawn from what `abfragen` counted."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.safestring import SafeString

from bestandsaufnahme.abfragen.matrix.netz import Netz
from bestandsaufnahme.abfragen.matrix.waerme import Waerme, Waermezeile
from ikz_portal.basis.diagramme import Faden, Knoten, Waermereihe, netzbild, waermebild
from ikz_portal.basis.formate import tag_lang
from kommunen.models import Kommune


def waerme_bild(bild: Waerme, kommunen: Sequence[Kommune], adressen: Mapping[str, str], stichtag: date) -> SafeString:
    """Let an Aufgabenfeld lead to its own page (`adressen` by slug) while its Kooperationsfelder aren't shown."""

    def reihe(zeile: Waermezeile, *, kopf: bool) -> Waermereihe:
        url = "" if bild.einzeln else adressen.get(zeile.slug, "")
        return Waermereihe(zeile.name, zeile.werte, zeile.gesamt, url=url, kopf=kopf)

    reihen = []
    for gruppe in bild.gruppen:
        reihen.append(reihe(gruppe.kopf, kopf=bild.einzeln))
        reihen += [reihe(zeile, kopf=False) for zeile in gruppe.zeilen]
    was = "Kooperationsfeld" if bild.einzeln else "Aufgabenfeld"
    return waermebild(
        reihen,
        spalten=[kommune.kurzname for kommune in kommunen],
        kennung="waerme",
        titel=f"Kooperationen je {was} und Kommune am {tag_lang(stichtag)}",
        beschreibung="Je kräftiger, desto mehr Kooperationen. Alle Zahlen stehen auch in der Tabelle darunter.",
    )


def netz_bild(bild: Netz, adressen: Sequence[str], stichtag: date) -> SafeString:
    knoten = [
        Knoten(kommune.kurzname, anzahl, url)
        for kommune, anzahl, url in zip(bild.kommunen, bild.eigene, adressen, strict=True)
    ]
    return netzbild(
        knoten,
        [Faden(paar.von, paar.nach, paar.anzahl) for paar in bild.paare],
        kennung="netz",
        titel=f"Wer mit wem zusammenarbeitet, am {tag_lang(stichtag)}",
        beschreibung=(
            "Je dicker die Linie zwischen zwei Kommunen, desto mehr Kooperationen haben sie gemeinsam. Die Zahl am "
            "Namen nennt die Kooperationen der Kommune. Alle Zahlen stehen auch in der Tabelle darunter."
        ),
    )
