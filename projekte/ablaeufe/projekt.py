"""Every change of a Projekt and of its Meilensteine: one form, one transaction, nobody's words overwritten unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.text import slugify

from bestandsaufnahme.models import Aufgabenfeld
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Kommune, Konto
from projekte.auswahl import RESERVIERT, UEBERGAENGE, WAEHLBARE_STATUS, ProjektStatus
from projekte.models import Meilenstein, Projekt

NAME_VERGEBEN = "Ein Projekt mit diesem Namen gibt es schon."
UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjektAngaben:
    """What the form says of a Projekt. `veroeffentlicht` None leaves it as it is."""

    name: str
    aufgabenfeld: Aufgabenfeld
    status: str
    beginn: date | None
    beginn_genauigkeit: str
    ende: date | None
    ende_genauigkeit: str
    kurzbeschreibung: str = ""
    status_hinweis: str = ""
    zeit_hinweis: str = ""
    hinweis: str = ""
    vorgaenger: Projekt | None = None
    veroeffentlicht: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeilensteinAngaben:
    """What the form says of a Meilenstein: a new one has no `pk`."""

    name: str
    geplant: date
    pk: int | None = None
    prognose: date | None = None
    erreicht: date | None = None
    verantwortlich: Kommune | None = None
    freigabe_noetig: bool = False


@transaction.atomic
def anlegen(
    *,
    angaben: ProjektAngaben,
    meilensteine: Sequence[MeilensteinAngaben],
    durch: Konto,
    heute: date,
    grund: str = "",
    quelle: str = "",
    beispiel: bool = False,
) -> Projekt:
    """Create a Projekt with its Meilensteine; ValidationError where a rule is broken."""
    if angaben.status not in WAEHLBARE_STATUS:
        raise ValidationError({"status": "Diesen Status können Sie nicht wählen."})
    projekt = Projekt(slug=freie_kurzadresse(angaben.name), quelle=quelle, beispiel=beispiel)
    _uebernehmen(projekt, angaben)
    _status_festhalten(projekt, von="", durch=durch, heute=heute, grund=grund)
    _meilensteine_setzen(projekt, meilensteine)
    return projekt


@transaction.atomic
def bearbeiten(
    *,
    projekt: Projekt,
    version: int,
    angaben: ProjektAngaben,
    meilensteine: Sequence[MeilensteinAngaben],
    geloeschte: Sequence[int] = (),
    durch: Konto,
    heute: date,
    grund: str = "",
) -> Projekt:
    """Change a Projekt that was read in this version; Veraltet if somebody was faster."""
    gesperrt = Projekt.objects.select_for_update().get(pk=projekt.pk)
    if gesperrt.version != version:
        raise Veraltet("Das Projekt wurde inzwischen geändert.")
    von = gesperrt.marke_des_status
    if angaben.status != von and angaben.status not in UEBERGAENGE[von]:
        nach = ProjektStatus(angaben.status).label
        raise ValidationError({"status": f"Von „{von.label}“ geht es nicht zu „{nach}“."})
    _uebernehmen(gesperrt, angaben)
    if angaben.status != von:
        _status_festhalten(gesperrt, von=von, durch=durch, heute=heute, grund=grund)
    _meilensteine_setzen(gesperrt, meilensteine, geloeschte)
    return gesperrt


def freie_kurzadresse(name: str) -> str:
    """Return a slug for the name that no Projekt has and no page needs."""
    laenge = Projekt._meta.get_field("slug").max_length or 0
    grundform = slugify(name.translate(UMLAUTE))[: laenge - 4].strip("-") or "projekt"
    vergeben = {*RESERVIERT, *Projekt.objects.filter(slug__startswith=grundform).values_list("slug", flat=True)}
    nummer = 1
    while (kurzadresse := grundform if nummer == 1 else f"{grundform}-{nummer}") in vergeben:
        nummer += 1
    return kurzadresse


def ist_frei(name: str, *, fuer: Projekt) -> bool:
    """Tell whether no other Projekt has the name, in small letters or in capitals."""
    andere = Projekt.objects.exclude(pk=fuer.pk).alias(klein=Lower("name"))
    return not andere.filter(klein=Lower(Value(name))).exists()


def _uebernehmen(projekt: Projekt, angaben: ProjektAngaben) -> None:
    """Write the row, even if nothing in it changed: its version counts changes of Meilensteine too."""
    for feld in fields(angaben):
        if (wert := getattr(angaben, feld.name)) is not None or feld.name != "veroeffentlicht":
            setattr(projekt, feld.name, wert)
    _kreis_ausschliessen(projekt)
    try:
        projekt.full_clean()
        with transaction.atomic():
            projekt.save()
    except ValidationError as fehler:
        if NAME_VERGEBEN not in fehler.messages:
            raise
        raise ValidationError({"name": NAME_VERGEBEN}) from fehler
    except IntegrityError as fehler:  # somebody took the name or the slug between check and insert
        raise ValidationError({"name": NAME_VERGEBEN}) from fehler


def _kreis_ausschliessen(projekt: Projekt) -> None:
    frueher, gesehen = projekt.vorgaenger, set[int]()
    while frueher is not None and frueher.pk not in gesehen:
        if frueher.pk == projekt.pk:
            raise ValidationError({"vorgaenger": "Dieses Projekt folgt selbst auf das Projekt, das Sie bearbeiten."})
        gesehen.add(frueher.pk)
        frueher = frueher.vorgaenger


def _status_festhalten(projekt: Projekt, *, von: str, durch: Konto, heute: date, grund: str) -> None:
    Statuswechsel.objects.create(
        objekt=projekt, von=von, nach=projekt.status, gueltig_ab=heute, durch=durch, grund=grund
    )


def _meilensteine_setzen(
    projekt: Projekt, angaben: Sequence[MeilensteinAngaben], geloeschte: Sequence[int] = ()
) -> None:
    """Bring the rows in line with the form; those that it doesn't name stay."""
    vorhandene = {zeile.pk: zeile for zeile in projekt.meilensteine.select_for_update()}
    if not {*geloeschte, *(angabe.pk for angabe in angaben if angabe.pk is not None)} <= set(vorhandene):
        raise ValidationError("Ein Meilenstein gehört nicht zu diesem Projekt oder wurde inzwischen gelöscht.")
    projekt.meilensteine.filter(pk__in=geloeschte).delete()
    _namen_freigeben([(vorhandene[angabe.pk], angabe.name) for angabe in angaben if angabe.pk is not None])
    for reihenfolge, angabe in enumerate(angaben, start=1):
        zeile = vorhandene[angabe.pk] if angabe.pk is not None else Meilenstein(projekt=projekt)
        _meilenstein_sichern(zeile, reihenfolge, angabe)


def _namen_freigeben(umbenannte: Sequence[tuple[Meilenstein, str]]) -> None:
    """Give renamed rows a name of their own first, so that two can swap theirs."""
    for zeile, neuer_name in umbenannte:
        if zeile.name != neuer_name:
            Meilenstein.objects.filter(pk=zeile.pk).update(name=f"~{zeile.pk}~")


def _meilenstein_sichern(zeile: Meilenstein, reihenfolge: int, angabe: MeilensteinAngaben) -> None:
    for feld in ("name", "geplant", "prognose", "erreicht", "verantwortlich", "freigabe_noetig"):
        setattr(zeile, feld, getattr(angabe, feld))
    zeile.reihenfolge = reihenfolge
    try:
        zeile.full_clean()
    except ValidationError as fehler:
        raise ValidationError(f"Meilenstein „{angabe.name}“: {' '.join(fehler.messages)}") from fehler
    zeile.save()
