"""What the answer says in the reading of the Geschäftsstelle, and how it gets into the matrix."""

from typing import Any

from django import forms

from bestandsaufnahme.abfragen.pruefung.pruefwahl import Wahl
from bestandsaufnahme.abfragen.pruefung.pruefworte import NAMEN
from bestandsaufnahme.abfragen.pruefung.vorschlag import LAENGE_WOFUER
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Rechtsform, Stufe
from bestandsaufnahme.forms.fragen import JAHRE, Tagesfeld
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formulare import PFLICHT

NEUE_KOOPERATION = "neue Kooperation anlegen"
JE_NACH = {"data-je-nach": "anderem"}  # needed or not by what another field says
OHNE_VORGESEHEN = "Einen Tag „vorgesehen bis“ hat nur, was vorgesehen ist."


def _tag(label: str, *, noetig: bool = False, hilfe: str = "") -> forms.DateField:
    return Tagesfeld(label=label, required=noetig, help_text=hilfe)


def _text(name: str, *, zeilen: int = 3, hoechstens: int | None = None, noetig: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": zeilen})
    return forms.CharField(label=NAMEN[name], required=noetig, max_length=hoechstens, widget=widget)


def _auswahl(name: str, werte: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=NAMEN[name], choices=werte.choices)


# --- what the answer says, in the reading of the Geschäftsstelle ------------------------------------------------------
class EndeForm(forms.Form):
    ab = _tag("Nicht mehr beteiligt ab", noetig=True, hilfe="Der letzte Tag der Beteiligung ist der Tag davor.")


class BeteiligungForm(forms.Form):
    status = _auswahl("status", BeteiligungStatus)
    vorgesehen_bis = _tag(NAMEN["vorgesehen_bis"], hilfe="Nur beim Status „vorgesehen“.")
    rolle = _auswahl("rolle", BeteiligungRolle)
    ab = _tag(NAMEN["ab"], noetig=True)

    def clean(self) -> dict[str, Any]:
        daten = super().clean() or self.cleaned_data
        if daten.get("vorgesehen_bis") and daten.get("status") != BeteiligungStatus.VORGESEHEN:
            self.add_error("vorgesehen_bis", OHNE_VORGESEHEN)
        return daten


class BeschriebeneBeteiligungForm(BeteiligungForm):
    """Where the answer describes the Kooperation otherwise too."""

    bezeichnung = forms.CharField(label=NAMEN["bezeichnung"], max_length=200)
    erlaeuterung = _text("erlaeuterung", hoechstens=5000)
    rechtsform = _auswahl("rechtsform", Rechtsform)


class NeuForm(BeteiligungForm):
    bezeichnung = forms.CharField(label=NAMEN["bezeichnung"], max_length=200)
    erlaeuterung = _text("erlaeuterung", hoechstens=5000)
    rechtsform = _auswahl("rechtsform", Rechtsform)
    seit = _tag(NAMEN["seit"])
    seit_genauigkeit = forms.ChoiceField(
        label="So genau ist der Beginn bekannt",
        choices=[(g.value, g.label) for g in Genauigkeit if g != Genauigkeit.OFFEN],
    )
    gescheitert_jahr = forms.IntegerField(
        label=NAMEN["gescheitert_jahr"],
        required=False,
        min_value=JAHRE.start,
        max_value=JAHRE.stop - 1,
        widget=forms.NumberInput(attrs=JE_NACH),
    )
    gescheitert_grund = _text("gescheitert_grund", hoechstens=5000)
    hemmnisse = forms.MultipleChoiceField(label=NAMEN["hemmnisse"], required=False, widget=forms.CheckboxSelectMultiple)

    field_order = ["bezeichnung", "erlaeuterung", "status", "vorgesehen_bis", "rolle", "rechtsform"]

    def __init__(self, *args: Any, wahl: Wahl, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hemmnisse"].choices = wahl.hemmnisse  # type: ignore[attr-defined]  # a MultipleChoiceField

    def clean(self) -> dict[str, Any]:
        daten = super().clean()
        genau = daten.get("seit_genauigkeit") != Genauigkeit.UNBEKANNT
        if "seit" in daten and bool(daten["seit"]) != genau:
            self.add_error(
                "seit",
                "Bitte geben Sie den Beginn an, oder wählen Sie „unbekannt“."
                if genau
                else "Bitte wählen Sie, wie genau der Beginn bekannt ist.",
            )
        if daten.get("status") == BeteiligungStatus.ERWOGEN:
            if "gescheitert_jahr" in daten and not daten["gescheitert_jahr"]:
                self.add_error("gescheitert_jahr", PFLICHT)
        else:
            daten |= {"gescheitert_jahr": None, "gescheitert_grund": "", "hemmnisse": []}
        return daten


class InteresseForm(forms.Form):
    stufe = _auswahl("stufe", Stufe)
    wofuer = _text("wofuer", hoechstens=LAENGE_WOFUER)


# --- how it gets into the matrix --------------------------------------------------------------------------------------
class BestandForm(forms.Form):
    """About a Kooperation of the matrix: each tick only where it can be."""

    beschreibung = forms.BooleanField(label="Auch die geänderte Beschreibung übernehmen", required=False)
    kooperation_beenden = forms.BooleanField(
        label="Die ganze Kooperation beenden",
        required=False,
        help_text="Außer dieser Kommune ist niemand beteiligt.",
    )
    kooperation_scheitert = forms.BooleanField(
        label="Die ganze Kooperation als nicht zustande gekommen eintragen",
        required=False,
        help_text="Mit Jahr, Grund und Hemmnissen aus dem Fragebogen. Für keine Kommune besteht sie.",
    )

    def __init__(self, *args: Any, wahl: Wahl, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moeglich = {
            "beschreibung": wahl.beschreibung,
            "kooperation_beenden": wahl.kann_enden,
            "kooperation_scheitert": wahl.kann_scheitern,
        }
        for name, kann in moeglich.items():
            if not kann:
                del self.fields[name]
        if wahl.beschreibung and wahl.auch_betroffen:
            self.fields["beschreibung"].help_text = f"Sie gilt dann auch für {wahl.auch_betroffen}."


class AufnahmeForm(forms.Form):
    """About something new: where it belongs, and who else gets a mark."""

    ziel = forms.TypedChoiceField(
        label="Kooperation", required=False, coerce=int, empty_value=None, widget=forms.Select(attrs=JE_NACH)
    )
    kooperationsfeld = forms.TypedChoiceField(
        label="Kooperationsfeld",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Für eine neue Kooperation.",
        widget=forms.Select(attrs=JE_NACH),
    )
    neues_feld = forms.CharField(
        label="oder ein neues Kooperationsfeld",
        required=False,
        max_length=150,
        help_text="Nur, wenn keines der Liste passt.",
        widget=forms.TextInput(attrs=JE_NACH),
    )
    aufgabenfeld = forms.TypedChoiceField(
        label="Aufgabenfeld des neuen Kooperationsfelds",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs=JE_NACH),
    )
    partner = forms.MultipleChoiceField(
        label="Auch eintragen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Als Partner genannt. Wer angekreuzt ist, bekommt ein Zeichen in der Matrix, wenn noch keines steht.",
    )
    veroeffentlicht = forms.BooleanField(
        label="Neue Kooperation veröffentlichen",
        required=False,
        help_text="Die Öffentlichkeit sieht sie dann, sobald die Erhebung mit Namen veröffentlicht ist.",
    )

    def __init__(self, *args: Any, wahl: Wahl, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        felder: dict[str, Any] = self.fields
        felder["ziel"].choices = [("", NEUE_KOOPERATION), *wahl.ziele]
        felder["kooperationsfeld"].choices = [("", "Bitte wählen"), *wahl.felder]
        felder["aufgabenfeld"].choices = [("", "Bitte wählen"), *wahl.aufgabenfelder]
        felder["partner"].choices = [(p.ags, f"{p.name} – {_sagt_auch(p.auch)}") for p in wahl.partner]
        if not wahl.partner:
            del self.fields["partner"]
        if not wahl.darf_oeffentlich:
            del self.fields["veroeffentlicht"]

    def clean(self) -> dict[str, Any]:
        daten = super().clean() or self.cleaned_data
        daten["neues_feld"] = " ".join(daten.get("neues_feld", "").split())
        if daten.get("ziel") or self.errors:
            return daten
        if bool(daten["kooperationsfeld"]) == bool(daten["neues_feld"]):
            self.add_error("kooperationsfeld", "Bitte wählen Sie ein Kooperationsfeld, oder nennen Sie ein neues.")
        elif daten["neues_feld"] and not daten["aufgabenfeld"]:
            self.add_error("aufgabenfeld", "Bitte wählen Sie, zu welchem Aufgabenfeld das neue Feld gehört.")
        return daten


def _sagt_auch(auch: bool) -> str:
    return "gibt im eigenen Fragebogen dasselbe an" if auch else "gibt dazu selbst nichts an"


class LeerForm(forms.Form):
    """Where nothing is to be chosen."""

    def __init__(self, *args: Any, wahl: Wahl, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
