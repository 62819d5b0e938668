from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from bestandsaufnahme.fragenkatalog import ANLAGE_1, INTERESSE, KATALOG, Frage
from bestandsaufnahme.models import Erhebung
from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld

HOECHSTENS_JAHRE = 10
FRUEHESTER = date(1945, 1, 1)
ANSCHREIBEN = (
    "Bitte sehen Sie durch, ob die Angaben zu Ihrer Kommune noch stimmen, und tragen Sie nach, was fehlt. "
    "Hat sich nichts geändert, genügt eine Bestätigung."
)
# What a round asks unless somebody chooses otherwise: enough for the matrix and for what comes next, not all there is.
VORAUSWAHL = (
    *("partner_im_kreis", "partner_ausserhalb", "laufzeit", "vertrag", "kosten", "zufriedenheit", "entgelt"),
    *(INTERESSE, "federfuehrung", "arbeitsgruppe", "unterstuetzungsbedarf"),
    *("leistungen_des_kreises", "aufgabentausch"),
)


def tag_feld(label: str, hilfe: str = "", *, initial: date | None = None) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hilfe,
        initial=initial,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FRUEHESTER, "Bitte geben Sie das Jahr mit vier Ziffern an.")],
    )


def bis_in_zehn_jahren(feld: forms.Field, heute: date) -> None:
    spaetester = heute.replace(year=heute.year + HOECHSTENS_JAHRE, day=1)
    satz = f"Der Tag liegt mehr als {HOECHSTENS_JAHRE} Jahre voraus. Bitte wählen Sie einen früheren."
    feld.validators.append(MaxValueValidator(spaetester, satz))


def _wahl(*, je_kooperation: bool) -> list[tuple[str, str]]:
    return [(frage.schluessel, _text(frage)) for frage in KATALOG if frage.je_kooperation is je_kooperation]


def _text(frage: Frage) -> str:
    return frage.text if ANLAGE_1 in frage.anlagen else f"{frage.text} (nur Anlage 2, Kreis)"


def _gewaehlte(erhebung: Erhebung, *, je_kooperation: bool) -> list[str]:
    return [schluessel for schluessel, _ in _wahl(je_kooperation=je_kooperation) if schluessel in erhebung.fragen]


def _fragenfeld(label: str, hilfe: str, *, je_kooperation: bool) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hilfe,
        choices=_wahl(je_kooperation=je_kooperation),
        initial=list(VORAUSWAHL),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ErhebungForm(UngeprueftZeigen, forms.Form):
    """A round while it is prepared."""

    name = forms.CharField(label="Name", max_length=120, help_text="Zum Beispiel „Erhebung 2026“.")
    stichtag = tag_feld("Stichtag", "Für diesen Tag sagen die Kommunen, was gilt; danach wird vorausgefüllt.")
    frist = tag_feld("Rückmeldefrist", "Letzter Tag für die Rückmeldung. Sie können sie später verlängern.")
    anschreiben = forms.CharField(
        label="Anschreiben",
        max_length=5000,
        required=False,
        initial=ANSCHREIBEN,
        help_text="Steht in der E-Mail an die Kommunen, nach dem Satz mit Stichtag und vor der Frist.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    je_kooperation = _fragenfeld(
        "Fragen zu jeder Kooperation",
        "Ob sie noch gilt, Status, Rolle, Rechtsform und Beginn fragt jeder Fragebogen.",
        je_kooperation=True,
    )
    einmal = _fragenfeld("Fragen, die einmal gestellt werden", "Am Ende des Fragebogens.", je_kooperation=False)

    def __init__(self, *args: Any, heute: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("stichtag", "frist"):
            bis_in_zehn_jahren(self.fields[name], heute)

    def fragen(self) -> list[str]:
        """Return what is chosen now, checked or not."""
        return [str(frage) for name in ("je_kooperation", "einmal") for frage in self[name].value() or []]

    def angaben(self) -> dict[str, Any]:
        gewaehlt = self.cleaned_data["je_kooperation"] + self.cleaned_data["einmal"]
        felder = ("name", "stichtag", "frist", "anschreiben")
        return {feld: self.cleaned_data[feld] for feld in felder} | {"fragen": gewaehlt}


class ErhebungBearbeitenForm(ErhebungForm):
    """The same over a round that exists."""

    version = versionsfeld()

    def __init__(self, *args: Any, erhebung: Erhebung, **kwargs: Any) -> None:
        felder = ("name", "stichtag", "frist", "anschreiben", "version")
        fragen = {
            "je_kooperation": _gewaehlte(erhebung, je_kooperation=True),
            "einmal": _gewaehlte(erhebung, je_kooperation=False),
        }
        kwargs["initial"] = {feld: getattr(erhebung, feld) for feld in felder} | fragen
        super().__init__(*args, **kwargs)


class BeschreibungForm(UngeprueftZeigen, forms.Form):
    """What may be said about a round once it is open: nothing that the Kommunen were asked."""

    name = forms.CharField(label="Name", max_length=120)
    lesehinweis = forms.CharField(
        label="Hinweis zur Lesart",
        max_length=5000,
        required=False,
        help_text="Steht unter der Matrix dieser Erhebung.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    quelle = forms.CharField(label="Quelle", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = versionsfeld()

    def __init__(self, *args: Any, erhebung: Erhebung, **kwargs: Any) -> None:
        kwargs["initial"] = {feld: getattr(erhebung, feld) for feld in ("name", "lesehinweis", "quelle", "version")}
        super().__init__(*args, **kwargs)

    def angaben(self) -> dict[str, Any]:
        return {feld: self.cleaned_data[feld] for feld in ("name", "lesehinweis", "quelle")}


class FristForm(forms.Form):
    frist = tag_feld("Neue Frist", "Letzter Tag für die Rückmeldung.")

    def __init__(self, *args: Any, heute: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bis_in_zehn_jahren(self.fields["frist"], heute)


class AbschlussForm(forms.Form):
    """With missing ones the Geschäftsstelle confirms that it finishes without them."""

    trotz_fehlender = forms.BooleanField(label="Ohne die fehlenden Rückmeldungen abschließen", required=False)
