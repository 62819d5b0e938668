"""What a declaration of interest says, as it is filed, drafted and changed."""

from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundWidget

from bestandsaufnahme.ablaeufe.interesse import Angaben, Inhalt
from bestandsaufnahme.auswahl import ABLAUF_MELDEN_TAGE, InteresseArt, Stufe
from bestandsaufnahme.forms.erhebung import bis_in_zehn_jahren, tag_feld
from bestandsaufnahme.forms.wahlfelder import FeldWahl, KontaktWahl, wert_des_feldes
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung, Kooperationsfeld
from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld
from kommunen.models import Kommune, Konto

INHALT = ("stufe", "wofuer", "bietet", "sucht", "kontakt", "gueltig_bis")
TEXT_HOECHSTENS = 2000
ERINNERUNG = f"{ABLAUF_MELDEN_TAGE} Tage vor dem Ende erinnert eine E-Mail daran."
STUFEN = {
    Stufe.INTERESSE: "Möchte dabei sein, wenn etwas entsteht, und erfahren, was andere planen.",
    Stufe.RESSOURCEN: "Bringt Zeit, Personal, Technik, Räume oder Geld mit.",
    Stufe.FEDERFUEHRUNG: "Würde vorangehen und die anderen zusammenbringen.",
}


def in_einem_jahr(heute: date) -> date:
    """Return the day that is proposed as the last one."""
    schalttag = (heute.month, heute.day) == (2, 29) and not isleap(heute.year + 1)
    return heute.replace(year=heute.year + 1, day=28 if schalttag else heute.day)


def inhalt_von(interesse: Interessenbekundung) -> dict[str, Any]:
    """Return what a form over it begins with."""
    werte = {name: getattr(interesse, name) for name in INHALT if name != "kontakt"}
    return {**werte, "kontakt": interesse.kontakt_id}


def alles_von(interesse: Interessenbekundung) -> dict[str, Any]:
    """Return the same with its field and Art; a draft may have lost its field since."""
    return {**inhalt_von(interesse), "feld": wert_des_feldes(interesse.feld), "art": interesse.art}


def in_fremdem_namen(form: forms.BaseForm) -> None:
    """Let it ask about the Kommune, where the person isn't of it."""
    worte = {
        "stufe": "So weit würde die Kommune gehen",
        "wofuer": "Wofür möchte die Kommune zusammenarbeiten?",
        "bietet": "Das bringt sie ein",
        "sucht": "Das sucht sie",
    }
    for name, label in worte.items():
        form.fields[name].label = label
    form.fields["wofuer"].error_messages["required"] = "Bitte schreiben Sie, wofür die Kommune zusammenarbeiten möchte."
    form.fields["gueltig_bis"].help_text = f"Leer: gilt, bis die Kommune es zurückzieht. {ERINNERUNG}"


def _text(label: str, hilfe: str, zeilen: int, **weiteres: Any) -> forms.CharField:
    feld = forms.Textarea(attrs={"rows": zeilen})
    return forms.CharField(label=label, help_text=hilfe, max_length=TEXT_HOECHSTENS, widget=feld, **weiteres)


class InhaltForm(UngeprueftZeigen, forms.Form):
    """What may be said differently later."""

    stufe = forms.ChoiceField(
        label="So weit würde Ihre Kommune gehen",
        choices=Stufe.choices,
        widget=forms.RadioSelect,
        initial=Stufe.INTERESSE,
    )
    wofuer = _text(
        "Wofür möchten Sie zusammenarbeiten?",
        "In zwei, drei Sätzen: die Aufgabe und was besser werden soll.",
        4,
        error_messages={"required": "Bitte schreiben Sie, wofür Ihre Kommune zusammenarbeiten möchte."},
    )
    bietet = _text("Das bringen wir ein", "Zum Beispiel Personal, Technik, Erfahrung, Räume.", 2, required=False)
    sucht = _text("Das suchen wir", "Zum Beispiel Partner für eine gemeinsame Stelle.", 2, required=False)
    kontakt = KontaktWahl(
        label="Ansprechperson",
        required=False,
        help_text="Name und E-Mail-Adresse stehen dabei, für alle angemeldeten Personen.",
    )
    gueltig_bis = tag_feld("Gültig bis")

    def __init__(self, *args: Any, heute: date, kontakte: Iterable[Konto], **kwargs: Any) -> None:
        """Take the persons that may be named, with their Kommune."""
        super().__init__(*args, **kwargs)
        self.heute = heute
        self.fields["kontakt"].anbieten(kontakte)  # type: ignore[attr-defined]  # a KontaktWahl
        tag = self.fields["gueltig_bis"]
        tag.required, tag.initial = False, in_einem_jahr(heute)
        vorschlag = "" if "gueltig_bis" in self.initial else "Vorgeschlagen ist ein Jahr. "
        tag.help_text = f"{vorschlag}Leer: gilt, bis Sie das Interesse zurückziehen. {ERINNERUNG}"
        bis_in_zehn_jahren(tag, heute)

    def clean_gueltig_bis(self) -> date | None:
        tag: date | None = self.cleaned_data["gueltig_bis"]
        if tag is not None and tag < self.heute:
            raise forms.ValidationError("Der Tag liegt in der Vergangenheit. Bitte wählen Sie einen späteren.")
        return tag

    def stufen(self) -> Iterator[tuple[BoundWidget, str]]:
        """Yield each step with what it means."""
        for wahl in self["stufe"].subwidgets:
            yield wahl, STUFEN[Stufe(wahl.data["value"])]

    def inhalt(self) -> Inhalt:
        return Inhalt(**{name: self.cleaned_data[name] for name in INHALT})


class MitKommune(InhaltForm):
    """Which Kommune declares follows from the Konto; only who acts for several chooses among these."""

    kommune = forms.ModelChoiceField(
        Kommune.objects.none(), label="Für welche Kommune tragen Sie das ein?", empty_label=None, to_field_name="ags"
    )

    field_order: list[str] | None = ["kommune"]

    def __init__(self, *args: Any, kommunen: QuerySet[Kommune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = kommunen  # type: ignore[attr-defined]  # a ModelChoiceField
        self.einzige = kommunen[0] if len(kommunen) == 1 else None
        if self.einzige:
            del self.fields["kommune"]

    def clean(self) -> dict[str, Any]:
        daten = super().clean() or self.cleaned_data
        if self.einzige:
            daten["kommune"] = self._eigene(self.einzige)
        kommune, kontakt = daten.get("kommune"), daten.get("kontakt")
        if kommune and kontakt and kontakt.kommune_id != kommune.pk:
            self.add_error(
                "kontakt",
                f"{kontakt.name} gehört nicht zu {kommune}. Bitte wählen Sie eine Person von {kommune}, oder keine.",
            )
        return daten

    def _eigene(self, kommune: Kommune) -> Kommune:
        """Refuse another one: it was offered until a Vertretung ended, or nobody ever offered it."""
        if self.data.get("kommune", kommune.ags) != kommune.ags:
            raise forms.ValidationError(
                f"Sie können nur für {kommune} ein Interesse bekunden. Bitte laden Sie die Seite neu."
            )
        return kommune


class AngabenForm(MitKommune):
    """All that a declaration says. A draft may still lack what it is for."""

    feld = FeldWahl(
        label="Aufgabenfeld oder Kooperationsfeld",
        help_text="Ein ganzes Aufgabenfeld oder genauer ein Kooperationsfeld darin.",
    )
    art = forms.ChoiceField(
        label="Art",
        choices=InteresseArt.choices,
        widget=forms.RadioSelect,
        initial=InteresseArt.KOOPERATIONSWILLE,
        help_text="Kooperationswille: Sie möchten die Aufgabe gemeinsam erledigen. "
        "Info-Austausch: Sie möchten sich mit anderen darüber austauschen.",
    )

    field_order = ["kommune", "feld", "art"]

    def __init__(self, *args: Any, felder: Iterable[Aufgabenfeld], entwurf: bool = False, **kwargs: Any) -> None:
        """Take the Aufgabenfelder with their Kooperationsfelder; `entwurf` says that it is only to be kept."""
        super().__init__(*args, **kwargs)
        self.aufgabenfelder = felder
        self.fields["feld"].anbieten(felder)  # type: ignore[attr-defined]  # a FeldWahl
        self.fields["wofuer"].required = not entwurf

    def clean(self) -> dict[str, Any]:
        daten = super().clean()
        self.fields["wofuer"].required = True  # as the form shows it
        ohne_feld = "feld" in daten and daten["feld"] is None
        if daten.get("art") == InteresseArt.KOOPERATIONSWILLE and ohne_feld:
            self.add_error(
                "feld",
                "Ein Kooperationswille gilt einem Aufgabenfeld oder einem Kooperationsfeld. Bitte wählen Sie eines.",
            )
        return daten

    def angaben(self) -> Angaben:
        feld = self.cleaned_data["feld"]
        return Angaben(
            **{name: self.cleaned_data[name] for name in (*INHALT, "art")},
            aufgabenfeld=feld if isinstance(feld, Aufgabenfeld) else None,
            kooperationsfeld=feld if isinstance(feld, Kooperationsfeld) else None,
        )


class InteresseForm(AngabenForm):
    """As a Kommune files it."""

    beobachten = forms.BooleanField(
        label="Bei neuen Interessen in diesem Feld benachrichtigen",
        required=False,
        help_text="Per E-Mail, wenn eine andere Kommune hier etwas einträgt. Das lässt sich jederzeit abbestellen.",
    )

    def zu_beobachten(self) -> Aufgabenfeld | None:
        """Return the Aufgabenfeld that the person wants to follow."""
        feld = self.cleaned_data["feld"] if self.cleaned_data["beobachten"] else None
        return feld.aufgabenfeld if isinstance(feld, Kooperationsfeld) else feld


class EntwurfForm(InteresseForm):
    """The same over a draft."""

    version = versionsfeld()

    def __init__(self, *args: Any, interesse: Interessenbekundung, **kwargs: Any) -> None:
        kwargs["initial"] = {**alles_von(interesse), "version": interesse.version}
        super().__init__(*args, **kwargs)


class AenderungForm(InhaltForm):
    """What is filed: its field and Art stay. Who isn't of the Kommune says why."""

    grund = forms.CharField(
        label="Grund der Änderung",
        max_length=1000,
        required=False,
        help_text="Steht bei der Interessenbekundung, für alle angemeldeten Personen.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Bitte nennen Sie den Grund der Änderung. Er bleibt sichtbar."},
    )
    version = versionsfeld()

    def __init__(self, *args: Any, interesse: Interessenbekundung, mit_grund: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {**inhalt_von(interesse), "version": interesse.version}
        super().__init__(*args, **kwargs)
        self.fields["grund"].required = mit_grund
        if mit_grund:
            in_fremdem_namen(self)
