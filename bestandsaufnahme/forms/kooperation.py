"""One form creates and edits a Kooperation; `ablaeufe.kooperation` writes. What happens to it has forms of its own."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from bestandsaufnahme.abfragen.kooperation.zustand import erstes_freies
from bestandsaufnahme.ablaeufe.kooperation import KooperationAngaben
from bestandsaufnahme.ablaeufe.kooperationsfeld import NeuesFeld
from bestandsaufnahme.forms.fragen import JAHRE, Tagesfeld
from bestandsaufnahme.models import Aufgabenfeld, ExternerPartner, Hemmnis, Kooperation, Kooperationsfeld
from bestandsaufnahme.models.stand import BESCHREIBUNG
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld

GENAU_BEGINN = [
    (Genauigkeit.TAG, "auf den Tag genau"),
    (Genauigkeit.MONAT, "nur Monat und Jahr"),
    (Genauigkeit.JAHR, "nur das Jahr"),
    (Genauigkeit.UNBEKANNT, "nicht bekannt"),
]
GENAU_ENDE = [*GENAU_BEGINN, (Genauigkeit.OFFEN, "läuft, ein Ende steht nicht fest")]
BERICHTIGUNG, GEAENDERT = "berichtigung", "geaendert"
ARTEN = [
    (BERICHTIGUNG, "Das ist eine Berichtigung (es galt schon immer so)."),
    (GEAENDERT, "Das hat sich geändert, und zwar ab dem Tag, den ich unten nenne."),
]
ENDE, SCHEITERN = ("bis", "bis_genauigkeit"), ("gescheitert_jahr", "gescheitert_grund", "hemmnisse")
GESAGT_AB = {*BESCHREIBUNG, "externe_partner", "neue_partner"}
MEHRZEILIG = {"erlaeuterung": 4, "gescheitert_grund": 3, "quelle": 2}


class KooperationForm(UngeprueftZeigen, forms.ModelForm):
    """What describes a Kooperation. An empty mark takes the next one that is free in the field."""

    kooperationsfeld = forms.ModelChoiceField(
        label="Kooperationsfeld",
        queryset=Kooperationsfeld.objects.none(),
        required=False,
        empty_label="neues Feld, unten benannt",
        help_text="Die Zeile der Matrix. In Klammern steht das nächste freie Symbol dieses Feldes.",
        widget=forms.Select(attrs={"data-je-nach": "neues_feld"}),
    )
    neues_aufgabenfeld = forms.ModelChoiceField(
        label="Aufgabenfeld des neuen Kooperationsfelds",
        queryset=Aufgabenfeld.objects.none(),
        required=False,
        empty_label="keines",
    )
    neues_feld = forms.CharField(
        label="Name des neuen Kooperationsfelds",
        required=False,
        max_length=150,
        help_text="Nur wenn es die Zeile in der Matrix noch nicht gibt.",
    )
    symbol = forms.CharField(
        label="Symbol",
        required=False,
        max_length=2,
        help_text="Mit diesem Zeichen steht die Kooperation in der Matrix. In einem Kooperationsfeld hat jede ihr "
        "eigenes. Leer: Das Portal nimmt das nächste freie.",
    )
    seit = Tagesfeld(
        label="Seit",
        required=False,
        help_text="Leer, wenn es nicht bekannt ist. Ist nur Monat oder Jahr bekannt, wählen Sie einen Tag darin.",
    )
    seit_genauigkeit = forms.ChoiceField(label="Wie genau ist der Beginn bekannt?", choices=GENAU_BEGINN)
    bis = Tagesfeld(label="Bis", required=False, help_text="Nur wenn die Kooperation beendet ist.")
    bis_genauigkeit = forms.ChoiceField(label="Wie genau ist das Ende bekannt?", choices=GENAU_ENDE)
    neue_partner = forms.CharField(
        label="Weitere externe Partner",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Je Zeile ein Name. Sie kommen in die Liste der Partner.",
    )
    gescheitert_jahr = forms.IntegerField(
        label="Jahr",
        required=False,
        min_value=JAHRE.start,
        max_value=JAHRE.stop - 1,
        help_text="Kam sie doch zustande, leeren Sie Jahr und Grund.",
    )
    art_der_aenderung = forms.ChoiceField(
        label="Was ist das für eine Änderung?",
        choices=ARTEN,
        required=False,
        widget=forms.RadioSelect(attrs={"data-je-nach": "beschreibung"}),
        help_text="Nötig, wenn Sie oben etwas geändert haben. Bei einer Änderung zeigt die Matrix für frühere Tage "
        "weiter den bisherigen Wortlaut.",
    )
    ab = Tagesfeld(
        label="Geändert ab",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "data-je-nach": "art_der_aenderung"}),
    )
    version = versionsfeld()

    class Meta:
        model = Kooperation
        fields = [
            "kooperationsfeld", "symbol", "bezeichnung", "erlaeuterung", "rechtsform", "rechtsform_hinweis",
            "externe_partner", "quelle", "sicherheit", "seit", "seit_genauigkeit", "bis", "bis_genauigkeit",
            "zeit_hinweis", "gescheitert_jahr", "gescheitert_grund", "hemmnisse", "veroeffentlicht",
        ]  # fmt: skip
        widgets = {
            **{feld: forms.Textarea(attrs={"rows": zeilen}) for feld, zeilen in MEHRZEILIG.items()},
            "externe_partner": forms.CheckboxSelectMultiple,
            "hemmnisse": forms.CheckboxSelectMultiple,
        }
        labels = {"gescheitert_grund": "Grund", "zeit_hinweis": "Hinweis zur Zeit", "veroeffentlicht": "veröffentlicht"}
        help_texts = {
            "bezeichnung": "Zum Beispiel „Gemeinsame Beschaffung von Streusalz“.",
            "erlaeuterung": "Wer macht was für wen, in zwei oder drei Sätzen?",
            "rechtsform_hinweis": "Zum Beispiel „Dienstleistungsvertrag vom 12.03.2012“.",
            "externe_partner": "Partner außerhalb des Verbunds. Fehlt einer, nennen Sie ihn im nächsten Feld.",
            "zeit_hinweis": "Zum Beispiel „Kündigung zum Jahresende möglich“.",
            "quelle": "Woher die Angaben stammen, zum Beispiel „Vertrag vom 12.03.2012“.",
            "sicherheit": "Nur wenn die Quelle verschieden gelesen werden kann.",
            "veroeffentlicht": "Jede Person kann die Kooperation ohne Anmeldung sehen. Wer angemeldet ist, sieht sie "
            "immer.",
        }
        error_messages = {"bezeichnung": {"required": "Bitte nennen Sie die Kooperation."}}

    def __init__(
        self,
        *args: Any,
        felder: Iterable[Aufgabenfeld],
        partner: Iterable[ExternerPartner],
        hemmnisse: Iterable[Hemmnis],
        heute: date,
        **kwargs: Any,
    ) -> None:
        """Take the Aufgabenfelder with their Kooperationsfelder and the Kooperationen of these (prefetched)."""
        super().__init__(*args, **kwargs)
        self.heute = heute
        self._auswahl(list(felder))
        self.fields["externe_partner"].queryset = partner  # type: ignore[attr-defined]  # choice fields
        self.fields["hemmnisse"].queryset = hemmnisse  # type: ignore[attr-defined]  # as above
        self.initial.setdefault("version", self.instance.version)
        if self.instance.pk is None:
            self._ohne("version", "art_der_aenderung", "ab", *SCHEITERN)
            self.initial.update(seit_genauigkeit=Genauigkeit.TAG, bis_genauigkeit=Genauigkeit.OFFEN)
        else:
            # the end and the failure have steps of their own; here they are corrected
            self._ohne(*[] if self.instance.bis else ENDE, *[] if self.instance.gescheitert_jahr else SCHEITERN)
        self.helper = helfer(self)

    def _auswahl(self, felder: list[Aufgabenfeld]) -> None:
        gruppen = [(oben.name, [self._option(feld) for feld in oben.kooperationsfelder.all()]) for oben in felder]
        schluessel = [pk for _, optionen in gruppen for pk, _ in optionen]
        self.fields["kooperationsfeld"].queryset = Kooperationsfeld.objects.filter(pk__in=schluessel)  # type: ignore[attr-defined]
        leer = ("", "neues Feld, unten benannt")
        self.fields["kooperationsfeld"].choices = [leer, *[g for g in gruppen if g[1]]]  # type: ignore[attr-defined]
        oben = Aufgabenfeld.objects.filter(pk__in=[feld.pk for feld in felder])
        self.fields["neues_aufgabenfeld"].queryset = oben  # type: ignore[attr-defined]
        self.fields["neues_aufgabenfeld"].choices = [("", "keines"), *[(f.pk, f.name) for f in felder]]  # type: ignore[attr-defined]

    def _option(self, feld: Kooperationsfeld) -> tuple[int, str]:
        vergeben = {eine.symbol for eine in feld.kooperationen.all()}
        frei = erstes_freies(vergeben)
        return feld.pk, f"{feld.name} (frei: {frei})" if frei else f"{feld.name} (kein Symbol mehr frei)"

    def _ohne(self, *namen: str) -> None:
        for name in namen:
            del self.fields[name]

    def clean_symbol(self) -> str:
        symbol: str = self.cleaned_data["symbol"]
        if not symbol.isprintable() or " " in symbol:
            raise ValidationError("Bitte nehmen Sie ein Zeichen, das man sieht.")
        return symbol

    def clean(self) -> dict[str, Any]:
        werte = super().clean() or self.cleaned_data
        self._feld_pruefen(werte)
        for feld in ("seit", "bis"):
            self._tag_einordnen(feld)
        if werte.get("gescheitert_jahr") and not werte.get("gescheitert_grund"):
            self.add_error("gescheitert_grund", "Bitte nennen Sie den Grund.")
        if "art_der_aenderung" in self.fields:
            self._aenderung_pruefen(werte)
        return werte

    def _feld_pruefen(self, werte: dict[str, Any]) -> None:
        """Either one of the fields that there are, or a new one that is named and put into an Aufgabenfeld."""
        oben, name = werte.get("neues_aufgabenfeld"), werte.get("neues_feld")
        if werte.get("kooperationsfeld"):
            if name:
                self.add_error("neues_feld", "Oben ist schon ein Feld gewählt. Bitte leeren Sie eines von beiden.")
        elif not name and not {"kooperationsfeld", "neues_feld"} & set(self.errors):
            self.add_error("kooperationsfeld", "Bitte wählen Sie ein Kooperationsfeld, oder benennen Sie ein neues.")
        elif name and not oben and "neues_aufgabenfeld" not in self.errors:
            self.add_error("neues_aufgabenfeld", "Bitte wählen Sie, in welches Aufgabenfeld das neue Feld gehört.")

    def _tag_einordnen(self, feld: str) -> None:
        """Set the day to the first of what is known; no day is „nicht bekannt“, unless it is said to still run."""
        tag, genau = self.cleaned_data.get(feld), self.cleaned_data.get(f"{feld}_genauigkeit")
        if feld not in self.cleaned_data or genau is None:
            return
        if tag is None:
            offen = genau == Genauigkeit.OFFEN
            self.cleaned_data[f"{feld}_genauigkeit"] = Genauigkeit.OFFEN if offen else Genauigkeit.UNBEKANNT
        elif genau in {Genauigkeit.UNBEKANNT, Genauigkeit.OFFEN}:
            satz = "Sie haben ein Datum angegeben. Bitte wählen Sie, wie genau es bekannt ist."
            self.add_error(f"{feld}_genauigkeit", satz)
        else:
            monat = 1 if genau == Genauigkeit.JAHR else tag.month
            self.cleaned_data[feld] = tag if genau == Genauigkeit.TAG else date(tag.year, monat, 1)

    def _aenderung_pruefen(self, werte: dict[str, Any]) -> None:
        """Ask only where the words changed that a day's matrix shows: all else isn't dated."""
        if not GESAGT_AB & set(self.changed_data):
            werte["ab"] = None
            return
        if not werte.get("art_der_aenderung"):
            self.add_error("art_der_aenderung", "Bitte sagen Sie, ob das eine Berichtigung ist oder eine Änderung.")
        elif werte["art_der_aenderung"] == BERICHTIGUNG:
            if werte.get("ab"):
                self.add_error("ab", "Eine Berichtigung gilt für alle Tage. Bitte leeren Sie das Datum.")
        elif "ab" not in self.errors:
            self._ab_pruefen(werte.get("ab"))

    def _ab_pruefen(self, ab: date | None) -> None:
        if ab is None:
            self.add_error("ab", "Bitte nennen Sie den Tag, ab dem es anders ist.")
        elif ab > self.heute:
            self.add_error("ab", "Der Tag liegt in der Zukunft. Bitte tragen Sie die Änderung ein, sobald sie gilt.")

    def angaben(self) -> KooperationAngaben:
        """Return what the form says; what it doesn't ask for stays as it is."""
        werte = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}
        if self.instance.pk is not None:
            for name in set(self.Meta.fields) - set(self.fields):
                wert = getattr(self.instance, name)
                werte[name] = list(wert.all()) if name == "hemmnisse" else wert
        if werte["kooperationsfeld"] is None:
            neues = self.cleaned_data["neues_aufgabenfeld"], self.cleaned_data["neues_feld"]
            werte["kooperationsfeld"] = NeuesFeld(*neues)
        return KooperationAngaben(**werte)

    def neue_partnernamen(self) -> list[str]:
        return self.cleaned_data["neue_partner"].splitlines()


def helfer(formular: forms.BaseForm) -> FormHelper:
    gruppen = {
        "Kooperation": [
            *("bezeichnung", "erlaeuterung", "rechtsform", "rechtsform_hinweis", "externe_partner", "neue_partner"),
            *("quelle", "sicherheit"),
        ],
        "Berichtigung oder Änderung": ["art_der_aenderung", "ab"],
        "Platz in der Matrix": ["kooperationsfeld", "neues_aufgabenfeld", "neues_feld", "symbol"],
        "Zeitraum": ["seit", "seit_genauigkeit", *ENDE, "zeit_hinweis"],
        "Nicht zustande gekommen": [*SCHEITERN],
        "Veröffentlichung": ["veroeffentlicht", "version"],
    }
    anordnung = FormHelper()
    anordnung.form_tag = anordnung.include_media = False
    anordnung.disable_csrf = True
    vorhandene = {titel: [feld for feld in felder if feld in formular.fields] for titel, felder in gruppen.items()}
    anordnung.layout = Layout(
        *[Fieldset(titel, *felder, css_class="mb-5") for titel, felder in vorhandene.items() if felder]
    )
    return anordnung
