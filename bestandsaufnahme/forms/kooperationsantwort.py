"""The forms of the answers that describe a Kooperation: one that the matrix knows, and one that it doesn't."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from bestandsaufnahme.abfragen.erhebung.antwort import Stand
from bestandsaufnahme.ablaeufe.antwort import AntwortAngaben
from bestandsaufnahme.auswahl import Aussage, BeteiligungRolle, BeteiligungStatus, Rechtsform
from bestandsaufnahme.forms.antwort import AntwortForm
from bestandsaufnahme.forms.fragen import JAHRE, Tagesfeld, feld
from bestandsaufnahme.fragenkatalog import GRUND, HEMMNISSE, JAHR, NACH_SCHLUESSEL, WIEDERVORLAGE
from bestandsaufnahme.models import Aufgabenfeld, Kooperationsfeld
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.zeit import tag_danach, tag_davor

GENAU = [
    (Genauigkeit.TAG, "auf den Tag genau"),
    (Genauigkeit.MONAT, "nur Monat und Jahr"),
    (Genauigkeit.JAHR, "nur das Jahr"),
    (Genauigkeit.UNBEKANNT, "nicht bekannt"),
]
ERWOGENES = (JAHR, GRUND, HEMMNISSE, WIEDERVORLAGE)


class BeschreibungForm(AntwortForm):
    """What describes a Kooperation and the part of the Kommune in it."""

    status = forms.ChoiceField(label="Status", required=False, widget=forms.RadioSelect)
    vorgesehen_bis = Tagesfeld(
        label="Vorgesehen bis", required=False, help_text="Wann soll die Zusammenarbeit beginnen?"
    )
    rolle = forms.ChoiceField(
        label="Rolle Ihrer Kommune", required=False, choices=BeteiligungRolle.choices, widget=forms.RadioSelect
    )
    rechtsform = forms.ChoiceField(label="Rechtsform", required=False, choices=Rechtsform.choices)
    bezeichnung = forms.CharField(label="Bezeichnung", required=False, max_length=200)
    erlaeuterung = forms.CharField(
        label="Erläuterung",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In zwei, drei Sätzen: Was wird gemeinsam getan, und mit wem?",
    )
    seit = Tagesfeld(
        label="Seit",
        required=False,
        help_text="Leer, wenn nicht bekannt. Ist nur Monat oder Jahr bekannt, wählen Sie einen Tag darin.",
    )
    seit_genauigkeit = forms.ChoiceField(
        label="Wie genau ist der Beginn bekannt?", required=False, choices=GENAU, initial=Genauigkeit.TAG
    )
    jahr = forms.IntegerField(
        label="In welchem Jahr haben Sie davon abgesehen?",
        required=False,
        min_value=JAHRE.start,
        max_value=JAHRE.stop - 1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    grund = forms.CharField(label="Warum?", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))
    wiedervorlage = Tagesfeld(
        label="Wieder aufgreifen am", required=False, help_text="Wenn Sie später noch einmal darüber reden wollen."
    )

    noetige = ("status", "rolle", "rechtsform", "bezeichnung", JAHR, GRUND)
    beschreibend = ("status", "rolle", "rechtsform", "bezeichnung", "erlaeuterung", "seit", "seit_genauigkeit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hemmnisse_dazu = HEMMNISSE not in self.fields
        if self.hemmnisse_dazu:
            frage = NACH_SCHLUESSEL[HEMMNISSE]
            self.fields[HEMMNISSE] = feld(frage, self.gefragt.worte)
        self.fields["status"].choices = self.waehlbare_status()  # type: ignore[attr-defined]  # a choice field
        for name in self.noetige:  # needed by what another field says
            self.fields[name].widget.attrs["data-je-nach"] = "aussage"

    def waehlbare_status(self) -> list[tuple[str, str]]:
        raise NotImplementedError

    def clean_erlaeuterung(self) -> str:
        """Lines end as in the matrix, with which it is compared."""
        text: str = self.cleaned_data["erlaeuterung"]
        return text.replace("\r\n", "\n")

    def beschreibung_ordnen(self) -> None:
        """Keep what belongs to the status, and set the begin to the first day of what is known."""
        status = self.cleaned_data.get("status")
        dazu: dict[Any, tuple[str, ...]] = {
            BeteiligungStatus.VORGESEHEN: ("vorgesehen_bis",),
            BeteiligungStatus.ERWOGEN: ERWOGENES,
        }
        self.nur([*self.immer, *self.beschreibend, *dazu.get(status, ())])
        tag, genau = self.cleaned_data.get("seit"), self.cleaned_data.get("seit_genauigkeit") or Genauigkeit.UNBEKANNT
        if tag is None:
            genau = Genauigkeit.UNBEKANNT
        elif genau == Genauigkeit.UNBEKANNT:
            self.add_error("seit_genauigkeit", "Sie haben ein Datum angegeben. Bitte wählen Sie, wie genau es ist.")
        elif genau != Genauigkeit.TAG:
            tag = date(tag.year, 1 if genau == Genauigkeit.JAHR else tag.month, 1)
        self.cleaned_data |= {"seit": tag, "seit_genauigkeit": genau}

    immer: tuple[str, ...] = ()

    def _spalten(self) -> dict[str, Any]:
        namen = (*self.beschreibend, "vorgesehen_bis")
        return {name: self.cleaned_data[name] for name in namen if self.cleaned_data.get(name)}


class KooperationsantwortForm(BeschreibungForm):
    """Whether a Kooperation still holds. „Geändert“ begins with what the matrix says on the Stichtag."""

    aussage = forms.ChoiceField(
        label="Gilt das noch?",
        choices=[
            (Aussage.GILT_NOCH, "Gilt noch: Es ist alles, wie es hier steht."),
            (Aussage.GEAENDERT, "Geändert: Es besteht weiter, aber anders."),
            (Aussage.BEENDET, "Beendet: Wir arbeiten hier nicht mehr zusammen."),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie eine der drei Antworten."},
    )
    ab = Tagesfeld(label="Ab welchem Tag gilt die Änderung?", required=False)
    letzter_tag = Tagesfeld(label="Letzter Tag der Zusammenarbeit", required=False)

    immer = ("aussage", "ab")

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        self.stand = stand
        super().__init__(*args, **kwargs)
        stichtag = f"{self.gefragt.stichtag:%d.%m.%Y}"
        self.fields["ab"].help_text = f"Leer: ab dem Stichtag {stichtag}."
        self.fields["letzter_tag"].help_text = f"Leer: Am Stichtag {stichtag} besteht sie schon nicht mehr."
        self.order_fields(["aussage", "ab"])

    def waehlbare_status(self) -> list[tuple[str, str]]:
        bisher = [BeteiligungStatus.UNBEKANNT] if self.stand.status == BeteiligungStatus.UNBEKANNT else []
        moegliche = [BeteiligungStatus.BESTEHT, BeteiligungStatus.VORGESEHEN, BeteiligungStatus.ERWOGEN, *bisher]
        return [(status.value, status.label) for status in moegliche]

    def anfang(self) -> dict[str, Any]:
        antwort = self.antwort
        geaendert = antwort.aussage == Aussage.GEAENDERT
        quelle = antwort if geaendert else self.stand
        namen = (*self.beschreibend, "vorgesehen_bis")
        ende = antwort.ab if antwort.aussage == Aussage.BEENDET else None
        return {
            **{name: getattr(quelle, name) for name in namen},
            "aussage": "" if antwort.aussage == Aussage.OFFEN else antwort.aussage,
            "ab": antwort.ab if geaendert else None,
            "letzter_tag": tag_davor(ende) if ende else None,
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        aussage = self.cleaned_data.get("aussage")
        if aussage == Aussage.GEAENDERT:
            self.beschreibung_ordnen()
            if not self.errors and self._wie_bisher():
                self.add_error(
                    "aussage", "Sie haben nichts anders angegeben als bisher. Wählen Sie dann bitte „Gilt noch“."
                )
        elif aussage == Aussage.BEENDET:
            self.nur(["aussage", "letzter_tag", GRUND])
        elif aussage == Aussage.GILT_NOCH:
            self.nur(["aussage"])
        return self.cleaned_data

    def _wie_bisher(self) -> bool:
        namen = (*self.beschreibend, "vorgesehen_bis")
        return all((self.cleaned_data.get(name) or None) == (getattr(self.stand, name) or None) for name in namen)

    def angaben(self) -> AntwortAngaben:
        aussage, letzter_tag = self.cleaned_data["aussage"], self.cleaned_data.get("letzter_tag")
        ab = tag_danach(letzter_tag) if letzter_tag else self.cleaned_data.get("ab")
        spalten = self._spalten() if aussage == Aussage.GEAENDERT else {}
        return AntwortAngaben(aussage=aussage, ab=ab, **spalten, angaben=self._angaben(*ERWOGENES))


class NeuForm(BeschreibungForm):
    """A Kooperation that the matrix doesn't know, or that was considered and did not come about."""

    feld = forms.ChoiceField(
        label="Feld",
        help_text="Das Kooperationsfeld. Fehlt es in der Liste, wählen Sie „anderes“ im passenden Aufgabenfeld.",
        error_messages={"required": "Bitte wählen Sie das Feld, in dem Sie zusammenarbeiten."},
    )
    feldvorschlag = forms.CharField(
        label="Neues Kooperationsfeld", required=False, max_length=150, help_text="Nur wenn es in der Liste fehlt."
    )

    immer = ("feld", "feldvorschlag")

    def __init__(self, *args: Any, felder: Iterable[Aufgabenfeld], **kwargs: Any) -> None:
        """Take the Aufgabenfelder with their Kooperationsfelder."""
        super().__init__(*args, **kwargs)
        self._felder: dict[str, Aufgabenfeld | Kooperationsfeld] = {}
        gruppen = [(oben.name, self._gruppe(oben)) for oben in felder]
        self.fields["feld"].choices = [("", "Bitte wählen"), *gruppen]  # type: ignore[attr-defined]  # a choice field
        for name in ("status", "rolle", "rechtsform", "bezeichnung"):
            self.fields[name].required = True
            self.fields[name].widget.attrs.pop("data-je-nach")
        self.order_fields(["feld", "feldvorschlag", "bezeichnung"])

    def _gruppe(self, oben: Aufgabenfeld) -> list[tuple[str, str]]:
        zeilen: list[tuple[str, Aufgabenfeld | Kooperationsfeld, str]] = [
            (f"kooperationsfeld-{teil.pk}", teil, teil.name) for teil in oben.kooperationsfelder.all()
        ]
        zeilen.append((f"aufgabenfeld-{oben.pk}", oben, f"anderes in {oben.name}"))
        self._felder |= {wert: objekt for wert, objekt, _ in zeilen}
        return [(wert, name) for wert, _, name in zeilen]

    def waehlbare_status(self) -> list[tuple[str, str]]:
        moegliche = (BeteiligungStatus.BESTEHT, BeteiligungStatus.VORGESEHEN, BeteiligungStatus.ERWOGEN)
        return [(status.value, status.label) for status in moegliche]

    def anfang(self) -> dict[str, Any]:
        antwort = self.antwort
        if antwort.pk is None:
            return {
                "rolle": BeteiligungRolle.BETEILIGT,
                "rechtsform": Rechtsform.UNBEKANNT,
                "seit_genauigkeit": Genauigkeit.TAG,
            }
        wahl = f"aufgabenfeld-{antwort.aufgabenfeld_id}"
        if antwort.kooperationsfeld_id:
            wahl = f"kooperationsfeld-{antwort.kooperationsfeld_id}"
        namen = (*self.beschreibend, "vorgesehen_bis", "feldvorschlag")
        return {**{name: getattr(antwort, name) for name in namen}, "feld": wahl}

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.beschreibung_ordnen()
        return self.cleaned_data

    def angaben(self) -> AntwortAngaben:
        gewaehlt = self._felder[self.cleaned_data["feld"]]
        return AntwortAngaben(
            aussage=Aussage.NEU,
            aufgabenfeld=gewaehlt if isinstance(gewaehlt, Aufgabenfeld) else None,
            kooperationsfeld=gewaehlt if isinstance(gewaehlt, Kooperationsfeld) else None,
            feldvorschlag=self.cleaned_data["feldvorschlag"],
            **self._spalten(),
            angaben=self._angaben(*ERWOGENES),
        )
