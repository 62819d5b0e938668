"""Nothing internal gets out: words that stand in one field each appear for those alone who may read that field.

Every page of the access table is read, every export, every search, and what is mailed.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django_filters import CharFilter

from bestandsaufnahme.ablaeufe import erhebung as erhebungen
from bestandsaufnahme.ablaeufe import erinnerung, interessenrunde, rundenerinnerung
from bestandsaufnahme.models import Beobachtung, Erhebung, Interessenbekundung, Interessenrunde
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.models import Lauf, Postausgang
from ikz_portal.basis.zeit import heute
from ikz_portal.startseite.ablaeufe import meldungen
from kommunen.ablaeufe import einladung, vertretung
from kommunen.ablaeufe import konto as konten
from kommunen.auswahl import Meldeanlass, Rhythmus
from kommunen.models import Einladung, Konto, Meldung, Vertretung
from projekte.ablaeufe import bericht
from tests.system.szene import GEHEIM, PERSONEN, Szene
from tests.system.szene_runde import laufen
from tests.system.zugriffstabelle import ZEILEN, Zeile

pytestmark = pytest.mark.django_db

# Every file that can be taken away: address, object, and the formats of a list. A new export is one row more.
TABELLEN = ("csv", "xlsx")
AUSFUHREN: list[tuple[str, str, tuple[str, ...]]] = [
    ("kommune_liste", "-", TABELLEN),
    ("matrix", "-", TABELLEN),
    ("matrix_vergleich", "-", TABELLEN),
    ("veroeffentlichung_detail", "anonymisierte", TABELLEN),
    ("einlesung_detail", "einlesung", TABELLEN),
    ("einlesung_datei", "einlesung", ()),
    ("einlesung_vorlage", "einlesung-vorlage", ()),
    ("kooperation_liste", "-", TABELLEN),
    ("partner_liste", "-", TABELLEN),
    ("interesse_liste", "-", (*TABELLEN, "csv&tabelle=rangliste")),
    ("interesse_beleg", "bekundung-im-auftrag", ()),
    ("konstellation_liste", "-", TABELLEN),
    ("runde_liste", "-", TABELLEN),
    ("erhebung_liste", "-", TABELLEN),
    ("erhebung_detail", "erhebung", TABELLEN),
    ("erhebung_detail", "erhebung-geplant", TABELLEN),
    ("projekt_liste", "-", TABELLEN),
    ("beitrag_liste", "-", TABELLEN),
    ("konto_liste", "-", TABELLEN),
    ("vertretung_liste", "-", TABELLEN),
    ("nachricht_liste", "-", TABELLEN),
    ("protokoll", "-", TABELLEN),
    ("bericht_pdf", "bericht", ()),
    ("bericht_pdf", "bericht-unveroeffentlicht", ()),
    ("eigene_daten_export", "-", ()),
]
# Lists that can be searched: the address and the parameter that takes the word.
SUCHEN = [
    ("matrix", "q"),
    ("kooperation_liste", "q"),
    ("partner_liste", "q"),
    ("projekt_liste", "q"),
    ("beitrag_liste", "q"),
    ("kommune_liste", "q"),
    ("konto_liste", "q"),
    ("nachricht_liste", "q"),
    ("nachricht_liste", "an"),
]
# The link of an invitation is the right to read it.
DURCH_DEN_LINK = {("einladung_annehmen", "zzeinladungzz")}


def worte(inhalt: bytes) -> set[str]:
    """Return the secret words in it, in a workbook too."""
    if inhalt[:2] == b"PK":
        archiv = zipfile.ZipFile(BytesIO(inhalt))
        inhalt = b"".join(archiv.read(name) for name in archiv.namelist())
    return {wort for wort in GEHEIM if wort.encode() in inhalt}


def adresse(name: str, objekt: str, szene: Szene) -> str:
    return reverse(name, kwargs=szene.argumente[objekt])


def gelesene(wer: str, szene: Szene) -> Iterator[tuple[str, set[str]]]:
    """Yield every address that this person reads, and the secret words that are found there."""
    for zeile in ZEILEN:
        if not zeile.name.startswith("/") and zeile.get[list(PERSONEN).index(wer)] == ".":
            gefunden = worte(lesen(szene.client(wer), adresse(zeile.name, zeile.objekt, szene))[1])
            yield str(zeile), {wort for wort in gefunden if (zeile.name, wort) not in DURCH_DEN_LINK}
    for name, objekt, formate in AUSFUHREN:
        for art in formate:
            yield f"{name}?{art}", worte(lesen(szene.client(wer), f"{adresse(name, objekt, szene)}?format={art}")[1])


def lesen(client: Client, ziel: str) -> tuple[Any, bytes]:
    """Return answer and content; what was written meanwhile is taken back."""
    with transaction.atomic():
        antwort = client.get(ziel)
        inhalt = antwort.getvalue()
        transaction.set_rollback(True)
    return antwort, inhalt


@pytest.mark.parametrize("wer", PERSONEN)
def test_secret_words_reach_those_alone_who_may_read_them(wer: str, vorbereitet: Szene) -> None:
    erlaubt = {wort for wort, lesende in GEHEIM.items() if wer in lesende}
    fundorte = list(gelesene(wer, vorbereitet))
    lecks = {ort: gefunden - erlaubt for ort, gefunden in fundorte if gefunden - erlaubt}
    assert lecks == {}
    assert set[str]().union(*(gefunden for _, gefunden in fundorte)) == erlaubt


@pytest.mark.parametrize(("name", "parameter"), SUCHEN)
@pytest.mark.parametrize("wer", "ÖLks")
def test_search_for_a_secret_word_answers_like_one_for_nothing(
    wer: str, name: str, parameter: str, vorbereitet: Szene
) -> None:
    """Neither by hits nor by their number does a search tell what somebody may not read."""
    client = vorbereitet.client(wer)
    frage = f"{reverse(name)}?format=csv&{parameter}="
    antwort, nichts = lesen(client, frage + "zznichtszz")
    if antwort.status_code != HTTPStatus.OK:
        assert worte(nichts) == set()
        return
    for wort in (wort for wort, lesende in GEHEIM.items() if wer not in lesende):
        assert lesen(client, frage + wort)[1] == nichts, wort


# --- nothing is forgotten ---------------------------------------------------------------------------------------------


def gibt_datei(zeile: Zeile, szene: Szene) -> bool:
    """Tell whether the address gives a file, by itself or when it is asked for one."""
    wer = next(wer for wer, zeichen in reversed(list(zip(PERSONEN, zeile.get, strict=True))) if zeichen == ".")
    ziel = adresse(zeile.name, zeile.objekt, szene)
    antworten = [lesen(szene.client(wer), frage)[0] for frage in (ziel, f"{ziel}?format=csv")]
    return any(not antwort.headers["Content-Type"].startswith("text/html") for antwort in antworten)


def test_every_address_that_gives_a_file_has_a_row(vorbereitet: Szene) -> None:
    gelesene = [zeile for zeile in ZEILEN if "." in zeile.get and not zeile.name.startswith("/")]
    mit_datei = {(zeile.name, zeile.objekt) for zeile in gelesene if gibt_datei(zeile, vorbereitet)}
    assert mit_datei == {(name, objekt) for name, objekt, _ in AUSFUHREN}


def ansichten(muster: Iterable[URLPattern | URLResolver]) -> Iterator[tuple[str, Any]]:
    """Yield name and class of every page that is one."""
    for eines in muster:
        if isinstance(eines, URLResolver):
            yield from ansichten(eines.url_patterns)
        elif hasattr(eines.callback, "view_class"):
            yield str(eines.name), eines.callback.view_class


def test_every_search_has_a_row() -> None:
    listen = [(n, a.filterset_class) for n, a in ansichten(get_resolver().url_patterns) if issubclass(a, ListenAnsicht)]
    suchen = {(n, feld) for n, klasse in listen for feld, f in klasse.base_filters.items() if type(f) is CharFilter}
    assert suchen == set(SUCHEN)


# --- mails ------------------------------------------------------------------------------------------------------------


def _einladen(s: Szene) -> None:
    eingeladen = Einladung.objects.get(pk=s.argumente["einladung"]["pk"])
    felder = ("name", "rolle", "kommune")
    angaben = {name: getattr(eingeladen, name) for name in felder}
    einladung.einladen(email="neue@ikz.example", **angaben, durch=s.konto("S"), jetzt=timezone.now())


def _vertreten(s: Szene) -> None:
    vertretung.einrichten(
        vertretener=s.konto("s"),
        vertreter=s.konto("k"),
        sitz=None,
        von=heute(),
        letzter_tag=heute() + timedelta(days=3),
        durch=s.konto("G"),
        heute=heute(),
    )


def _bericht_scheitert(s: Szene) -> None:
    bericht.gescheitert(Lauf.objects.get(bericht=s.argumente["bericht-unveroeffentlicht"]["pk"]))


def _faktor_entfernen(s: Szene) -> None:
    konten.zweiten_faktor_entfernen(konto=s.konto("K"), durch=s.konto("G"))


def _vertretung_beenden(s: Szene) -> None:
    laufende = Vertretung.objects.get(pk=s.argumente["vertretung"]["pk"])
    vertretung.beenden(vertretung=laufende, durch=s.konto("S"), heute=heute())


def _runde(s: Szene, name: str) -> dict[str, Any]:
    return {"erhebung": Erhebung.objects.get(pk=s.argumente[name]["pk"]), "durch": s.konto("G"), "heute": heute()}


def _erhebung_eroeffnen(s: Szene) -> None:
    erhebungen.eroeffnen(**_runde(s, "erhebung-geplant"))


def _erinnern(s: Szene) -> None:
    erinnerung.erinnern(**_runde(s, "erhebung"))


def _melden(s: Szene) -> None:
    """Of a declaration and of a draft, to everybody, though the draft is nothing to tell of."""
    for name in ("bekundung", "bekundung-entwurf"):
        eine = Interessenbekundung.objects.get(pk=s.argumente[name]["pk"])
        for konto in (person for person in s.personen.values() if isinstance(person, Konto)):
            Beobachtung.objects.create(konto=konto, aufgabenfeld=eine.aufgabenfeld, seit=heute())
            Meldung.objects.create(konto=konto, anlass=Meldeanlass.INTERESSE_NEU, bezug=str(eine.pk))
    for pk in set(Meldung.objects.values_list("konto", flat=True)):
        meldungen.melden(konto=pk, rhythmen=list(Rhythmus), heute=heute(), jetzt=timezone.now())


def _runde_eroeffnen(s: Szene) -> None:
    laufen(s.argumente, laeuft=False)
    geplante = Interessenrunde.objects.get(pk=s.argumente["runde-geplant"]["pk"])
    interessenrunde.eroeffnen(runde=geplante, durch=s.konto("G"), heute=heute())


def _an_runde_erinnern(s: Szene) -> None:
    laufende = Interessenrunde.objects.get(pk=s.argumente["runde"]["pk"])
    rundenerinnerung.erinnern(runde=laufende, durch=s.konto("G"), heute=heute())


def _passwort_vergessen(s: Szene) -> None:
    Client().post(reverse("account_reset_password"), {"email": s.konto("K").email})


# What writes mails. A new kind of mail is one row more.
POST: list[tuple[Callable[[Szene], None], int]] = [
    (_einladen, 1),
    (_vertreten, 2),
    (_bericht_scheitert, 1),
    (_faktor_entfernen, 1),
    (_vertretung_beenden, 1),
    (_passwort_vergessen, 1),
    (_erhebung_eroeffnen, 5),
    (_runde_eroeffnen, 5),
    (_an_runde_erinnern, 3),
    (_erinnern, 3),
    (_melden, 8),
]


@pytest.mark.parametrize(("schreiben", "anzahl"), POST, ids=lambda wert: getattr(wert, "__name__", ""))
def test_mails_tell_nobody_more_than_the_pages(
    schreiben: Callable[[Szene], None], anzahl: int, vorbereitet: Szene
) -> None:
    adressen = {person.email: wer for wer, person in vorbereitet.personen.items() if isinstance(person, Konto)}
    with transaction.atomic():
        vorher = set(Postausgang.objects.values_list("pk", flat=True))
        schreiben(vorbereitet)
        neue = list(Postausgang.objects.exclude(pk__in=vorher))
        transaction.set_rollback(True)
    assert len(neue) == anzahl
    for brief in neue:
        wer = adressen.get(brief.an, "Ö")
        enthalten = {wort for wort in GEHEIM if wort in brief.betreff + brief.text}
        assert {wort for wort in enthalten if wer not in GEHEIM[wort] and wort not in brief.an} == set(), brief.betreff
