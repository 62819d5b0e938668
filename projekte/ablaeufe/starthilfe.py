"""Making a Projektidee out of declarations of interest, after what failed before in the field was read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.abfragen.interesse.empfaenger import autoren
from bestandsaufnahme.abfragen.interesse.interesse import stand
from bestandsaufnahme.auswahl import GUELTIGE_INTERESSEN, InteresseStatus
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung
from bestandsaufnahme.rechte import waehlbare_kontakte
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import aufzaehlung, tag
from kommunen.ablaeufe.konto import einzeilig
from kommunen.ablaeufe.meldung import vormerken
from kommunen.auswahl import Meldeanlass
from kommunen.models import Kommune, Konto
from projekte.abfragen.versuche import Versuch, versuche
from projekte.ablaeufe import projekt as projekte
from projekte.auswahl import ProjektStatus
from projekte.models import Projekt, Starthilfe


@transaction.atomic
def beginnen(
    *,
    name: str,
    kurzbeschreibung: str,
    aufgabenfeld: Aufgabenfeld,
    interessen: Sequence[Interessenbekundung],
    kontakte: Mapping[int, Konto | None],
    gelesene: Collection[str],
    herkunft: str,
    durch: Konto,
    heute: date,
) -> Projekt:
    """Make a Projektidee of these declarations, and tell those who stand behind them.

    `kontakte` by key of the declaration; `gelesene` are the keys of the failed attempts (`abfragen.versuche`) that were
    read: all there are now. `herkunft` tells which Konstellation it was and why, nothing where there was none.
    """
    gewaehlte = _gewaehlte(interessen, aufgabenfeld, heute)
    fruehere = versuche(aufgabenfeld, konto=durch, heute=heute)
    _alle_gelesen(fruehere, gelesene)
    _kontakte_pruefen(gewaehlte, kontakte)
    projekt = projekte.anlegen(
        angaben=_angaben(name, kurzbeschreibung, aufgabenfeld),
        meilensteine=[],
        durch=durch,
        heute=heute,
        grund=_grund(len(gewaehlte), fruehere),
        quelle=quelle(gewaehlte, herkunft),
        beispiel=any(eine.beispiel for eine in gewaehlte),
    )
    for eine in gewaehlte:
        Starthilfe.objects.create(projekt=projekt, interesse=eine, kontakt=kontakte.get(eine.pk), am=heute)
        vormerken(anlass=Meldeanlass.PROJEKTIDEE, bezug=f"{projekt.pk}:{eine.pk}", konten=autoren(eine))
    return projekt


def quelle(interessen: Iterable[Interessenbekundung], herkunft: str = "") -> str:
    """Return who declared what when, in words, and what else led to it. Needs `kommune` and the field loaded."""
    zeilen = [
        f"{eine.kommune}: {eine.get_art_display()} zu „{eine.feld}“, {eine.get_stufe_display()}, "
        f"abgegeben am {tag(eine.abgegeben_am)}"
        for eine in interessen
    ]
    return "\n".join(["Entstanden aus Interessenbekundungen:", *zeilen, *filter(None, [herkunft.strip()])])


# --- what is refused --------------------------------------------------------------------------------------------------
def _gewaehlte(
    interessen: Sequence[Interessenbekundung], aufgabenfeld: Aufgabenfeld, heute: date
) -> list[Interessenbekundung]:
    """Return them locked, as they are now: nobody withdraws one in the same moment."""
    if not interessen:
        raise ValidationError({"interessen": "Bitte wählen Sie mindestens eine Kommune, mit der das Projekt beginnt."})
    gesperrt = (
        Interessenbekundung.objects.select_for_update(of=("self",))
        .filter(pk__in={eine.pk for eine in interessen})
        .select_related("kommune", "aufgabenfeld", "kooperationsfeld__aufgabenfeld")
        .order_by("pk")
    )
    gewaehlte = sorted(gesperrt, key=lambda eine: (eine.kommune.sortierung, eine.pk))
    if maengel := [satz for eine in gewaehlte if (satz := _mangel(eine, aufgabenfeld, heute))]:
        raise ValidationError({"interessen": maengel})
    if len(gewaehlte) < len({eine.pk for eine in interessen}):
        raise ValidationError({"interessen": "Eine der gewählten Interessenbekundungen gibt es nicht mehr."})
    return gewaehlte


def _mangel(eine: Interessenbekundung, aufgabenfeld: Aufgabenfeld, heute: date) -> str:
    """Return why nothing can begin with it, nothing where it can. A draft isn't told of by a word."""
    feld = eine.kooperationsfeld.aufgabenfeld if eine.kooperationsfeld else eine.aufgabenfeld
    heutiger = stand(eine, heute)
    if heutiger == InteresseStatus.ENTWURF:
        return "Eine der gewählten Interessenbekundungen ist nicht abgegeben."
    if feld != aufgabenfeld:
        return f"Das Interesse von {eine.kommune} gilt nicht dem Aufgabenfeld „{aufgabenfeld}“."
    if heutiger not in GUELTIGE_INTERESSEN:
        return f"Das Interesse von {eine.kommune} gilt nicht mehr: Es ist {heutiger.label}."
    if eine.unbestaetigt:
        return (
            f"Das Interesse von {eine.kommune} zählt noch nicht: Es wartet auf die Bestätigung der Verwaltungsspitze."
        )
    return ""


def _alle_gelesen(fruehere: Iterable[Versuch], gelesene: Collection[str]) -> None:
    ungelesen = [f"„{versuch.titel}“" for versuch in fruehere if versuch.schluessel not in gelesene]
    if ungelesen:
        satz = f"Bitte lesen Sie zuerst, woran es früher scheiterte, und bestätigen Sie es: {aufzaehlung(ungelesen)}."
        raise ValidationError({"gelesene": satz})


def _kontakte_pruefen(gewaehlte: Iterable[Interessenbekundung], kontakte: Mapping[int, Konto | None]) -> None:
    """Whom to talk to belongs to the Kommune, and still can sign in."""
    kommunen = Kommune.objects.filter(pk__in={eine.kommune_id for eine in gewaehlte})
    waehlbar = dict(waehlbare_kontakte(kommunen).values_list("pk", "kommune_id"))
    for eine in gewaehlte:
        kontakt = kontakte.get(eine.pk)
        if kontakt is not None and waehlbar.get(kontakt.pk) != eine.kommune_id:
            raise ValidationError({"kontakte": f"Die Ansprechperson gehört nicht zu {eine.kommune}."})


# --- words ------------------------------------------------------------------------------------------------------------
def _angaben(name: str, kurzbeschreibung: str, aufgabenfeld: Aufgabenfeld) -> projekte.ProjektAngaben:
    return projekte.ProjektAngaben(
        name=einzeilig(name),  # it stands in mails
        kurzbeschreibung=kurzbeschreibung.strip(),
        aufgabenfeld=aufgabenfeld,
        status=ProjektStatus.IDEE,
        beginn=None,
        beginn_genauigkeit=Genauigkeit.UNBEKANNT,
        ende=None,
        ende_genauigkeit=Genauigkeit.UNBEKANNT,
        veroeffentlicht=False,
    )


def _grund(anzahl: int, fruehere: Sequence[Versuch]) -> str:
    """Return for the record what it came from and what was read before."""
    woraus = "1 Interessenbekundung" if anzahl == 1 else f"{anzahl} Interessenbekundungen"
    if not fruehere:
        return f"Aus {woraus}. Ein früherer gescheiterter Versuch in diesem Feld ist nicht bekannt."
    gelesen = aufzaehlung([f"„{versuch.titel}“ ({versuch.gescheitert})" for versuch in fruehere])
    return f"Aus {woraus}. Gelesen, woran es früher scheiterte: {gelesen}."
