"""What is kept of a person to sign in, to be reached and to hold an office."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from ikz_portal.basis.models import GespeicherteAnsicht, Postausgang
from ikz_portal.startseite.abfragen.eigene_daten import Teil
from ikz_portal.startseite.abfragen.eigene_spalten import (
    MIT_DEM_KONTO,
    MIT_DER_SACHE,
    MITARBEIT,
    ZUGANG,
    amt,
    letzter_tag,
    name_oder_leer,
    rolle,
)
from kommunen.models import Anmeldung, Einladung, Konto, Sitz, Vertretung

ARTEN = {
    Authenticator.Type.TOTP: "App mit Einmalcodes",
    Authenticator.Type.WEBAUTHN: "Passkey",
    Authenticator.Type.RECOVERY_CODES: "Notfallcodes",
}


def _eigene_adresse(spalte: str) -> Any:
    """Mails and invitations name the person by an address; only proven ones, for anybody may type any other."""

    def bedingung(konto: Konto) -> Q:
        bestaetigte = EmailAddress.objects.filter(user=konto, verified=True).values("email")
        return Q(**{f"{spalte}__iexact": konto.email}) | Q(**{f"{spalte}__in": bestaetigte})

    return bedingung


ANGABEN = (
    Teil(
        schluessel="konto",
        titel="Konto",
        zweck=f"{MITARBEIT}, {ZUGANG}",
        dauer=MIT_DEM_KONTO,
        modell=Konto,
        bedingung=lambda konto: Q(pk=konto.pk),
        verwandt=("kommune",),
        spalten=(
            ("Name", lambda zeile, konto: zeile.name),
            ("E-Mail-Adresse", lambda zeile, konto: zeile.email),
            ("Funktion", lambda zeile, konto: zeile.funktion),
            ("Rolle", lambda zeile, konto: zeile.get_rolle_display()),
            ("Kommune", name_oder_leer("kommune")),
            ("Angelegt", lambda zeile, konto: zeile.angelegt_am),
            ("Letzte Anmeldung", lambda zeile, konto: zeile.last_login),
            ("Passwort gesetzt (nicht lesbar)", lambda zeile, konto: zeile.has_usable_password()),
        ),
    ),
    Teil(
        schluessel="adressen",
        titel="E-Mail-Adressen",
        zweck="Passwort zurücksetzen, Adresse ändern",
        dauer=f"{MIT_DEM_KONTO}; eine unbestätigte Adresse 3 Tage",
        modell=EmailAddress,
        felder=("user",),
        spalten=(
            ("Adresse", lambda zeile, konto: zeile.email),
            ("Bestätigt", lambda zeile, konto: zeile.verified),
            ("Hauptadresse", lambda zeile, konto: zeile.primary),
        ),
    ),
    Teil(
        schluessel="faktoren",
        titel="Zweiter Faktor",
        zweck="Schutz des Kontos",
        dauer=f"bis Sie ihn entfernen; {MIT_DEM_KONTO}",
        modell=Authenticator,
        felder=("user",),
        spalten=(
            ("Art", lambda zeile, konto: ARTEN.get(zeile.type, zeile.type)),
            ("Eingerichtet", lambda zeile, konto: zeile.created_at),
            ("Zuletzt benutzt", lambda zeile, konto: zeile.last_used_at),
        ),
    ),
    Teil(
        schluessel="anmeldedienst",
        titel="Verbundener Anmeldedienst",
        zweck="Anmeldung über den Dienst Ihrer Verwaltung",
        dauer=MIT_DEM_KONTO,
        modell=SocialAccount,
        felder=("user",),
        nur_datei=("Angaben des Dienstes",),
        spalten=(
            ("Dienst", lambda zeile, konto: zeile.provider),
            ("Kennung", lambda zeile, konto: zeile.uid),
            ("Verbunden", lambda zeile, konto: zeile.date_joined),
            ("Zuletzt benutzt", lambda zeile, konto: zeile.last_login),
            ("Angaben des Dienstes", lambda zeile, konto: zeile.extra_data),
        ),
    ),
    Teil(
        schluessel="einladungen",
        titel="Einladung",
        zweck=ZUGANG,
        dauer="{einladung} nach Annahme, Rückzug oder Ablauf",
        modell=Einladung,
        felder=("konto",),
        bedingung=_eigene_adresse("email"),
        verwandt=("kommune",),
        spalten=(
            ("Name", lambda zeile, konto: zeile.name),
            ("E-Mail-Adresse", lambda zeile, konto: zeile.email),
            ("Rolle", lambda zeile, konto: zeile.get_rolle_display()),
            ("Kommune", name_oder_leer("kommune")),
            ("Verschickt", lambda zeile, konto: zeile.angelegt_am),
            ("Gültig bis", lambda zeile, konto: zeile.gueltig_bis),
            ("Angenommen", lambda zeile, konto: zeile.angenommen_am),
        ),
    ),
    Teil(
        schluessel="sitze",
        titel="Sitze in Gremien",
        zweck=MITARBEIT,
        dauer=MIT_DER_SACHE,
        modell=Sitz,
        felder=("konto", "stellvertretung"),
        verwandt=("gremium", "kommune"),
        spalten=(
            ("Gremium", lambda zeile, konto: zeile.gremium.name),
            ("Kommune", name_oder_leer("kommune")),
            ("Als", rolle({"konto": "Mitglied", "stellvertretung": "Stellvertretung"})),
            ("Von", lambda zeile, konto: zeile.von),
            ("Letzter Tag", letzter_tag),
        ),
    ),
    Teil(
        schluessel="vertretungen",
        titel="Vertretungen",
        zweck=MITARBEIT,
        dauer=MIT_DER_SACHE,
        modell=Vertretung,
        felder=("vertretener", "vertreter"),
        verwandt=("vertretener__kommune", "sitz__gremium", "sitz__kommune"),
        spalten=(
            ("Art", rolle({"vertretener": "Sie werden vertreten", "vertreter": "Sie vertreten"})),
            ("Amt", amt),
            ("Von", lambda zeile, konto: zeile.von),
            ("Letzter Tag", letzter_tag),
        ),
    ),
    Teil(
        schluessel="anmeldungen",
        titel="Anmeldungen",
        zweck="Sicherheit des Kontos",
        dauer="{anmeldung}, die IP-Adresse {anmeldung_ip}",
        modell=Anmeldung,
        felder=("konto",),
        spalten=(
            ("Am", lambda zeile, konto: zeile.am),
            ("IP-Adresse", lambda zeile, konto: zeile.ip),
            ("Gelungen", lambda zeile, konto: zeile.gelungen),
        ),
    ),
    Teil(
        schluessel="ansichten",
        titel="Gespeicherte Ansichten",
        zweck="Ihre Filter in Listen wiederfinden",
        dauer=f"bis Sie sie löschen; {MIT_DEM_KONTO}",
        modell=GespeicherteAnsicht,
        felder=("konto",),
        nur_datei=("Seite",),
        spalten=(
            ("Name", lambda zeile, konto: zeile.name),
            ("Seite", lambda zeile, konto: zeile.seite),
            ("Filter", lambda zeile, konto: zeile.parameter),
        ),
    ),
    Teil(
        schluessel="nachrichten",
        titel="Nachrichten an Sie",
        zweck="Zustellung",
        dauer="{nachricht} nach dem Versand",
        modell=Postausgang,
        bedingung=_eigene_adresse("an"),
        nur_datei=("An", "Text"),
        spalten=(
            ("Betreff", lambda zeile, konto: zeile.betreff),
            ("An", lambda zeile, konto: zeile.an),
            ("Geschrieben", lambda zeile, konto: zeile.angelegt_am),
            ("Zustand", lambda zeile, konto: zeile.get_status_display()),
            ("Text", lambda zeile, konto: zeile.text),
        ),
    ),
)
