"""One prepared county for the tests of access: ten actors, and every kind of object in the states that matter.

„eigene“ is the Kommune that takes part and whose drafts are spied at, „andere“ one that has no part in anything.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from bestandsaufnahme.ablaeufe import veroeffentlichung
from bestandsaufnahme.auswahl import AntwortArt, Aussage, EinlesungStatus, ErhebungStatus, FragebogenStatus
from bestandsaufnahme.models import Einlesung, Fragebogen, Kooperation
from bestandsaufnahme.models.veroeffentlichung import Fussnotenfassung, Zustimmung
from ikz_portal.basis import ablage, post
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import GespeicherteAnsicht, Lauf
from ikz_portal.basis.zeit import heute
from kommunen.ablaeufe import meldewunsch
from kommunen.auswahl import GremiumArt, Meldeanlass
from kommunen.models import Kommune, Konto
from kommunen.rechte import Betrachter
from projekte.auswahl import Antwort, AuftragStatus
from projekte.models import Bericht, Projekt, Projektauftrag
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
    GespraechFactory,
    InteressenbekundungFactory,
    KooperationFactory,
    VeroeffentlichungFactory,
)
from tests.fabriken.kommunen import (
    EinladungFactory,
    FaktorFactory,
    GremiumFactory,
    KommuneFactory,
    KontoFactory,
    SitzFactory,
    VerbundFactory,
    VertretungFactory,
)
from tests.fabriken.projekte import (
    MeilensteinFactory,
    ProjektauftragFactory,
    ProjektFactory,
    TeilnahmeFactory,
    bericht_anfordern,
)
from tests.fabriken.wissen import BeitragFactory
from tests.system.szene_einlesung import EINGELESENES, einlesungen
from tests.system.szene_feld import EINSTELLUNG, HERKUNFT, VERSUCH, feld
from tests.system.szene_interesse import BELEG, bekundungen
from tests.system.szene_kooperation import IRRTUM, PARTNER, kooperationen
from tests.system.szene_pruefung import VORSCHLAG, pruefungen
from tests.system.szene_runde import VERMERK, runden
from wissen.models import Beitrag

# The columns of the access table, in its order.
PERSONEN = {
    "Ö": "öffentlich, nicht angemeldet",
    "L": "Lesen",
    "K": "Kontakt der eigenen Kommune",
    "k": "Kontakt der anderen Kommune",
    "S": "Verwaltungsspitze der eigenen Kommune",
    "s": "Verwaltungsspitze der anderen Kommune",
    "P": "Projektleitung",
    "M": "Mitglied der Lenkungsgruppe",
    "G": "Geschäftsstelle",
    "D": "deaktiviertes Konto (Kontakt der eigenen Kommune)",
}
# Words that stand in one field each, and who may read them anywhere in the portal.
ANGEMELDETE = "LKkSsPMG"
GEHEIM = {
    "zzentwurfzz": "KS",
    "zzbekundungzz": ANGEMELDETE,
    BELEG: "KSG",
    "zzkooperationzz": ANGEMELDETE,
    "zzprojektzz": ANGEMELDETE,
    "zzkostenzz": "KSsPMG",
    "zzauftragsentwurfzz": "KSPG",
    "zzeingereichtzz": "KSMG",
    "zzvermerkzz": ANGEMELDETE,
    "zzfunktionzz": ANGEMELDETE,
    "zzgespraechzz": "KSG",
    "zzantwortzz": "KS",
    "zzfreigabezz": "KSG",
    "zzbeitragzz": ANGEMELDETE,
    "zzbeitragsentwurfzz": "G",
    "zzberichtzz": "MG",
    "zzkolleginzz": "SG",
    "zzeinladungzz": "SG",
    "zznachrichtzz": "kG",
    "zzansichtzz": "K",
    "zzpasskeyzz": "K",
    VORSCHLAG: "KSG",
    EINGELESENES: "G",
    PARTNER: ANGEMELDETE,
    IRRTUM: "G",
    VERMERK: "G",
    "zzfassungzz": "SsG",
    "zzzustimmungzz": "SsG",
    "zzruecknahmezz": ANGEMELDETE,
    **dict.fromkeys((VERSUCH, EINSTELLUNG, HERKUNFT), ANGEMELDETE),
}

TOKEN = "einladung-" + "t" * 32
PASSWORT = "schreibtisch-und-lampe"


@dataclass
class Szene:
    """`argumente` holds, by a short name, what an address needs to lead to that object."""

    personen: dict[str, Betrachter] = field(default_factory=dict)
    argumente: dict[str, dict[str, Any]] = field(default_factory=lambda: {"-": {}})
    sitzungen: dict[str, str] = field(default_factory=dict)

    def client(self, wer: str) -> Client:
        """Return a fresh client with that person's session, whatever became of the last one."""
        client = Client()
        if wer in self.sitzungen:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sitzungen[wer]
        return client

    def konto(self, wer: str) -> Konto:
        person = self.personen[wer]
        assert isinstance(person, Konto)
        return person


def szene() -> Szene:
    ergebnis = Szene()
    VerbundFactory()
    _personen(ergebnis)
    _bestandsaufnahme(ergebnis)
    _erhebungen(ergebnis)
    ergebnis.argumente |= runden(ergebnis.konto("K").kommune)
    ergebnis.argumente |= pruefungen(ergebnis.konto("S"), ergebnis.konto("G"))
    ergebnis.argumente |= einlesungen(ergebnis.konto("K").kommune, ergebnis.konto("G"))
    _frageboegen(ergebnis)
    _veroeffentlichungen(ergebnis)
    _projekte(ergebnis)
    ergebnis.argumente |= feld(ergebnis.argumente["bekundung"]["pk"])
    _berichte(ergebnis)
    _konten(ergebnis)
    _bibliothek(ergebnis)
    _verlaeufe(ergebnis)
    for wer, person in ergebnis.personen.items():
        if isinstance(person, Konto):
            client = Client()
            client.force_login(person)
            _eben_angemeldet(client, person)
            ergebnis.sitzungen[wer] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return ergebnis


def _eben_angemeldet(client: Client, konto: Konto) -> None:
    """Let the library's pages believe that the password was typed just now, for as long as the tests take."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, konto, "password")
    request.session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] += 3600
    request.session.save()


def _personen(s: Szene) -> None:
    """Whoever leads a Projekt or sits in the Lenkungsgruppe has no other right than that."""
    eigene, andere = KommuneFactory(name="Eigenstadt", ags="06999001"), KommuneFactory(name="Anderstadt")
    konten = {
        "L": {"name": "Lena Lesen", "lesend": True},
        "K": {"name": "Kim Kontakt", "kommune": eigene},
        "k": {"name": "Karl Kontakt", "kommune": andere},
        "S": {"name": "Sina Spitze", "kommune": eigene, "buergermeister": True},
        "s": {"name": "Sven Spitze", "kommune": andere, "buergermeister": True},
        "P": {"name": "Pia Projektleitung", "lesend": True, "funktion": "zzfunktionzz"},
        "M": {"name": "Mia Mitglied", "lesend": True},
        "G": {"name": "Gerd Geschäftsstelle", "geschaeftsstelle": True},
        "D": {"name": "Dora Deaktiviert", "kommune": eigene, "is_active": False},
    }
    gehasht = make_password(PASSWORT)  # once: it takes its time
    s.personen = {"Ö": AnonymousUser()} | {w: KontoFactory(password=gehasht, **felder) for w, felder in konten.items()}
    lenkungsgruppe = GremiumFactory(slug="lenkungsgruppe", art=GremiumArt.LENKUNGSGRUPPE)
    SitzFactory(gremium=lenkungsgruppe, kommune=None, konto=s.konto("M"))
    s.argumente["kommune"] = {"ags": eigene.ags}


def _bestandsaufnahme(s: Szene) -> None:
    eigene = s.konto("K").kommune
    werte = {"kommune": eigene, "durch": s.konto("K")}
    entwurf = dict.fromkeys(("wofuer", "bietet", "sucht"), "zzentwurfzz") | {"entwurf": True}
    s.argumente |= {
        "bekundung": {"pk": InteressenbekundungFactory(**werte, wofuer="zzbekundungzz").pk},
        "bekundung-entwurf": {"pk": InteressenbekundungFactory(**werte, **entwurf).pk},
        "kooperation": {"pk": BeteiligungFactory(kommune=eigene).kooperation.pk},
        "kooperation-intern": {"pk": KooperationFactory(veroeffentlicht=False, bezeichnung="zzkooperationzz").pk},
    }
    offene, interne = (s.argumente[name]["pk"] for name in ("kooperation", "kooperation-intern"))
    s.argumente |= kooperationen(offene, interne, kontakt=s.konto("K"), geschaeftsstelle=s.konto("G"))
    s.argumente |= bekundungen(eigene, kontakt=s.konto("K"), geschaeftsstelle=s.konto("G"))
    AufgabenfeldFactory()


def _erhebungen(s: Szene) -> None:
    """Of each state one round; the own Kommune alone is asked in the one that runs."""
    laufende = ErhebungFactory(laufend=True, name="Laufende", frist=heute() + timedelta(days=9))
    FragebogenFactory(erhebung=laufende, kommune=s.konto("K").kommune)
    gespraech = GespraechFactory(erhebung=laufende, kommune=s.konto("K").kommune, notizen="zzgespraechzz")
    weitere = {"frist": laufende.frist, "veroeffentlicht": False}
    geplante = ErhebungFactory(status=ErhebungStatus.VORBEREITUNG, **weitere)
    s.argumente |= {
        "erhebung": {"pk": laufende.pk},
        "erhebung-geplant": {"pk": geplante.pk},
        "erhebung-auswertung": {"pk": ErhebungFactory(status=ErhebungStatus.AUSWERTUNG, **weitere).pk},
        "erhebung-oeffentlich": {"pk": ErhebungFactory().pk},
        "gespraech": {"pk": laufende.pk, "gespraech_pk": gespraech.pk},
    }


def _veroeffentlichungen(s: Szene) -> None:
    """Of three rounds: one by name, one anonymised, and a draft beside one that was withdrawn."""
    wer = {"durch": s.konto("G"), "heute": heute()}
    mit_namen, anonyme, dritte = (
        ErhebungFactory(stichtag=date(jahr, 6, 30), veroeffentlicht=jahr == 2014) for jahr in (2014, 2015, 2016)
    )
    anonymisierte = veroeffentlichung.vorbereiten(erhebung=anonyme, art="anonym", oeffentlich_ab=heute(), **wer)
    veroeffentlichung.freigeben(veroeffentlichung=anonymisierte, **wer)
    zurueckgezogene = VeroeffentlichungFactory(erhebung=dritte)
    veroeffentlichung.zuruecknehmen(veroeffentlichung=zurueckgezogene, grund="zzruecknahmezz", **wer)
    entwurf = veroeffentlichung.vorbereiten(erhebung=dritte, art="anonym", oeffentlich_ab=None, **wer)
    kooperation = Kooperation.objects.get(pk=s.argumente["kooperation"]["pk"])
    Fussnotenfassung.objects.create(veroeffentlichung=entwurf, kooperation=kooperation, bezeichnung="zzfassungzz")
    eigene = s.konto("K").kommune
    Zustimmung.objects.create(veroeffentlichung=entwurf, kommune=eigene, am=heute(), vermerk="zzzustimmungzz")
    des_entwurfs = {"pk": dritte.pk, "vpk": entwurf.pk}
    s.argumente |= {
        "erhebung-mit-namen": {"pk": mit_namen.pk},
        "veroeffentlichung": {"pk": mit_namen.pk, "vpk": mit_namen.veroeffentlichungen.get().pk},
        "anonymisierte": {"pk": anonyme.pk, "vpk": anonymisierte.pk},
        "zurueckgezogene": {"pk": dritte.pk, "vpk": zurueckgezogene.pk},
        "veroeffentlichungsentwurf": des_entwurfs,
        "fussnote": {**des_entwurfs, "kooperation_pk": kooperation.pk},
        "zustimmung": {**des_entwurfs, "ags": eigene.ags},
    }


def _frageboegen(s: Szene) -> None:
    """One that its Kommune still writes in the running round, one that it has released, one with an addition."""
    eigene = s.konto("K").kommune
    offener = Fragebogen.objects.get(erhebung=s.argumente["erhebung"]["pk"], kommune=eigene)
    freigegebener = FragebogenFactory(kommune=eigene)
    s.argumente["antwort"] = _antwort(s, offener, "zzantwortzz")
    s.argumente["antwort-freigegeben"] = _antwort(s, freigegebener, "zzfreigabezz")
    neues = {"art": AntwortArt.NEU, "kooperation": None, "aussage": Aussage.NEU, "bezeichnung": "Winterdienst"}
    s.argumente["antwort-neu"] = _antwort(s, FragebogenFactory(kommune=eigene), "zzantwortzz", **neues)
    FragebogenantwortFactory(
        fragebogen=offener, art=AntwortArt.INTERESSE, kooperation=None, aufgabenfeld=AufgabenfeldFactory()
    )
    Fragebogen.objects.filter(pk=freigegebener.pk).update(
        status=FragebogenStatus.FREIGEGEBEN, freigegeben_am=timezone.now(), freigegeben_durch=s.konto("S")
    )
    for name, bogen in (("fragebogen", offener), ("fragebogen-freigegeben", freigegebener)):
        s.argumente[name] = {"pk": bogen.erhebung_id, "ags": eigene.ags}
        s.argumente[f"verlauf-{name}"] = {"modell": "fragebogen", "pk": str(bogen.pk)}


def _antwort(s: Szene, bogen: Fragebogen, wort: str, **weitere: Any) -> dict[str, Any]:
    wer = {"bearbeitet_durch": s.konto("K"), "bearbeitet_am": timezone.now()}
    werte = {"aussage": Aussage.GILT_NOCH, "angaben": {"kosten": wort}, **wer, **weitere}
    antwort = FragebogenantwortFactory(fragebogen=bogen, **werte)
    return {"pk": bogen.erhebung_id, "ags": bogen.kommune.ags, "antwort_pk": antwort.pk}


def _projekte(s: Szene) -> None:
    """Of each state one Projekt: with a decided order and the draft of the next, with a submitted one, unpublished."""
    eigene = s.konto("K").kommune
    projekt = ProjektFactory(slug="projekt", leitung=s.konto("P"), veroeffentlicht=True)
    eingereicht = ProjektFactory(slug="eingereicht", veroeffentlicht=True)
    intern = ProjektFactory(slug="intern", name="zzprojektzz", kurzbeschreibung="zzprojektzz")
    projekt.aufgegangen_in.add(intern)
    punkte = ("projektkosten", "projektleitung", "projektgruppe")
    ProjektauftragFactory(projekt=projekt, beschlossen=True, **dict.fromkeys(punkte, "zzkostenzz"))
    ProjektauftragFactory(projekt=projekt, version=2, projektziele="zzauftragsentwurfzz")
    ProjektauftragFactory(projekt=eingereicht, status=AuftragStatus.EINGEREICHT, projektkosten="zzeingereichtzz")
    ProjektauftragFactory(projekt=intern, beschlossen=True)
    MeilensteinFactory(projekt=projekt)
    TeilnahmeFactory(projekt=projekt, kommune=eigene, vermerk="zzvermerkzz")
    TeilnahmeFactory(projekt=eingereicht, kommune=eigene, antwort=Antwort.OFFEN)
    for name in ("projekt", "eingereicht", "intern"):
        s.argumente[name] = {"slug": name}
    s.argumente |= {
        "auftrag-beschlossen": {"slug": "projekt", "version": 1},
        "auftrag-entwurf": {"slug": "projekt", "version": 2},
        "auftrag-eingereicht": {"slug": "eingereicht", "version": 1},
        "auftrag-intern": {"slug": "intern", "version": 1},
        "beitrag": {"slug": BeitragFactory(oeffentlich=True).slug},
        "beitrag-intern": {"slug": BeitragFactory(projekt=projekt, titel="zzbeitragzz", text="zzbeitragzz").slug},
        "beitrag-entwurf": {"slug": BeitragFactory(entwurf=True, titel="zzbeitragsentwurfzz").slug},
    }


def _berichte(s: Szene) -> None:
    freigegeben = _fertiger_bericht(s, date(2026, 1, 1), "%PDF für alle")
    Bericht.objects.filter(pk=freigegeben.pk).update(freigegeben_am=timezone.now(), freigegeben_durch=s.konto("G"))
    s.argumente |= {
        "bericht": {"pk": freigegeben.pk},
        "bericht-unveroeffentlicht": {"pk": _fertiger_bericht(s, date(2026, 1, 2), "%PDF zzberichtzz").pk},
    }


def _fertiger_bericht(s: Szene, stichtag: date, inhalt: str) -> Bericht:
    bericht, _ = bericht_anfordern(stichtag=stichtag, heute=heute(), durch=s.konto("G"))
    bericht.fassung = ablage.ablegen(
        titel="Statusbericht",
        dateiname="bericht.pdf",
        inhaltstyp="application/pdf",
        inhalt=inhalt.encode(),
        durch=None,
    )
    bericht.save()
    Lauf.objects.filter(pk=bericht.lauf_id).update(status=LaufStatus.FERTIG, beendet_am=timezone.now())
    return bericht


def _konten(s: Szene) -> None:
    eigene = s.konto("K").kommune
    kollegin = KontoFactory(name="Klara Kollegin", email="zzkolleginzz@ikz.example", kommune=eigene)
    offen = EinladungFactory(
        email="zzeinladungzz@ikz.example",
        kommune=eigene,
        durch=s.konto("S"),
        pruefsumme=hashlib.sha256(TOKEN.encode()).hexdigest(),
    )
    ansicht = GespeicherteAnsicht.objects.create(
        konto=s.konto("K"), seite="projekt_liste", name="zzansichtzz", parameter="status=idee"
    )
    s.argumente |= {
        "konto": {"pk": kollegin.pk},
        "konto-deaktiviert": {"pk": s.konto("D").pk},
        "einladung": {"pk": offen.pk},
        "einladung-link": {"token": TOKEN},
        "abbestell-link": {"token": meldewunsch.token(s.konto("K"), [Meldeanlass.ABLAUF])},
        "vertretung": {"pk": VertretungFactory(vertretener=s.konto("S"), vertreter=kollegin).pk},
        "ansicht": {"pk": ansicht.pk},
        "nachricht": {"pk": post.einreihen(an=s.konto("k").email, betreff="Bescheid", text="zznachrichtzz").pk},
    }


def _verlaeufe(s: Szene) -> None:
    modelle = {
        "kommune": Kommune.objects.get(ags=s.argumente["kommune"]["ags"]).pk,
        "projekt": Projekt.objects.get(slug="projekt").pk,
        "projektauftrag": Projektauftrag.objects.get(projekt__slug="projekt", version=1).pk,
        "beitrag": Beitrag.objects.get(slug=s.argumente["beitrag"]["slug"]).pk,
        "erhebung": s.argumente["erhebung"]["pk"],
        "veroeffentlichung": s.argumente["anonymisierte"]["vpk"],
        "einlesung": _einlesung(s).pk,
        "externerpartner": ExternerPartnerFactory().pk,
    }
    modelle |= {name: s.argumente[name]["pk"] for name in ("konto", "kooperation", "bericht")}
    s.argumente |= {f"verlauf-{modell}": {"modell": modell, "pk": str(pk)} for modell, pk in modelle.items()}
    for name in ("bekundung", "bekundung-entwurf"):
        s.argumente[f"verlauf-{name}"] = {"modell": "interessenbekundung", "pk": str(s.argumente[name]["pk"])}


def _einlesung(s: Szene) -> Einlesung:
    fassung = ablage.ablegen(
        titel="Matrix",
        dateiname="matrix.xlsx",
        inhaltstyp="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        inhalt=b"PK",
        durch=s.konto("G"),
    )
    return Einlesung.objects.create(fassung=fassung, gilt_ab=heute(), status=EinlesungStatus.VERWORFEN)


def _bibliothek(s: Szene) -> None:
    """What the library's addresses take: links out of mails, keys of second factors."""
    kontakt = s.konto("K")
    neue = EmailAddress.objects.create(user=kontakt, email="neu@ikz.example", verified=False, primary=False)
    daten = {"name": "zzpasskeyzz", "credential": _registrierung()}
    passkey = FaktorFactory(user=kontakt, type=Authenticator.Type.WEBAUTHN, data=daten)
    s.argumente |= {
        "adresse-link": {"key": EmailConfirmationHMAC(neue).key},
        "passwort-link": {"uidb36": user_pk_to_url_str(kontakt), "key": default_token_generator.make_token(kontakt)},
        "passkey": {"pk": passkey.pk},
        "anbieter": {"provider_id": "keycloak"},
        "kapitel": {"kapitel": "anmelden"},
    }


def _registrierung() -> dict[str, Any]:
    """Return what a browser sends when it has made a passkey."""
    punkt = {1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32}
    schluessel = AttestedCredentialData.create(Aaguid(bytes(16)), b"kennung", punkt)  # type: ignore[arg-type]  # as CBOR
    flaggen = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    zeugnis = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flaggen, 0, schluessel), {})
    return {
        "id": websafe_encode(b"kennung"),
        "rawId": websafe_encode(b"kennung"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(b'{"type": "webauthn.create", "challenge": "AA", "origin": "x"}'),
            "attestationObject": websafe_encode(bytes(zeugnis)),
        },
        "clientExtensionResults": {},
    }
