"""The rows of the access table: address, object of the scene, expected answers to GET and to an empty POST.

An answer is one sign per person, in the order of `szene.PERSONEN`:
ÖLKkSsPMGD = öffentlich, Lesen, Kontakt eigene/andere, Spitze eigene/andere, Projektleitung, Lenkungsgruppe,
Geschäftsstelle, deaktiviert.
"""

from dataclasses import dataclass

ZEICHEN = {
    200: ".",  # the page, the file, or the form again
    302: ">",  # done, or led elsewhere; to the sign-in: a
    400: "!",
    403: "x",  # known, without the right
    404: "0",  # foreign or unknown
    405: "m",  # this method doesn't exist here
    409: "v",  # somebody was faster
    429: "z",  # too many attempts
}

TABELLE = """
# address                            object                    GET         POST
#                                                              ÖLKkSsPMGD  ÖLKkSsPMGD
# --- pages for everybody
start                                -                         ..........  mmmmmmmmmm
kommune_detail                       kommune                   ..........  mmmmmmmmmm
hilfe                                -                         ..........  mmmmmmmmmm
hilfe_kapitel                        kapitel                   ..........  mmmmmmmmmm
aufgabenfeld_detail                  feld                      ..........  mmmmmmmmmm
impressum                            -                         ..........  mmmmmmmmmm
datenschutz                          -                         ..........  mmmmmmmmmm
barrierefreiheit                     -                         ..........  mmmmmmmmmm
kommune_liste                        -                         ..........  mmmmmmmmmm
# --- Bestandsaufnahme and Interessen
matrix                               -                         ..........  mmmmmmmmmm
matrix_vergleich                     -                         ..........  mmmmmmmmmm
kooperation_detail                   kooperation               ..........  mmmmmmmmmm
kooperation_detail                   kooperation-intern        0........0  mmmmmmmmmm
kooperation_detail                   kooperation-irrtum        ..........  mmmmmmmmmm
kooperation_liste                    -                         ..........  mmmmmmmmmm
kooperation_neu                      -                         axxxxxxx.a  axxxxxxx.a
kooperation_bearbeiten               kooperation               axxxxxxx.a  axxxxxxx.a
kooperation_bearbeiten               kooperation-intern        axxxxxxx.a  axxxxxxx.a
kooperation_beenden                  kooperation               axxxxxxx.a  axxxxxxx.a
kooperation_scheitern                kooperation-geplant       axxxxxxx.a  axxxxxxx.a
kooperation_bestaetigen              kooperation               ammmmmmmma  axxx>>xxxa
beteiligung_neu                      kooperation-irrtum        axxxxxxx.a  axxxxxxx.a
beteiligung_aendern                  beteiligung               axxxxxxx.a  axxxxxxx.a
beteiligung_beenden                  beteiligung               axxxxxxx.a  axxxxxxx.a
beteiligung_berichtigen              beteiligung               axxxxxxx.a  axxxxxxx.a
beteiligung_entfernen                beteiligung               axxxxxxx.a  axxxxxxx.a
partner_liste                        -                         ..........  mmmmmmmmmm
partner_neu                          -                         axxxxxxx.a  axxxxxxx.a
partner_detail                       partner                   ..........  mmmmmmmmmm
partner_detail                       partner-intern            0........0  mmmmmmmmmm
partner_bearbeiten                   partner                   axxxxxxx.a  axxxxxxx.a
erhebung_liste                       -                         ..........  mmmmmmmmmm
erhebung_neu                         -                         axxxxxxx.a  axxxxxxx.a
erhebung_detail                      erhebung                  0..0.....0  0mm0mmmmm0
erhebung_detail                      erhebung-geplant          0.00.....0  0m00mmmmm0
erhebung_detail                      erhebung-oeffentlich      ..........  mmmmmmmmmm
erhebung_bearbeiten                  erhebung                  axx0xxxx.a  axx0xxxx.a
erhebung_bearbeiten                  erhebung-geplant          ax00xxxx.a  ax00xxxx.a
erhebung_eroeffnen                   erhebung-geplant          ammmmmmmma  ax00xxxx>a
erhebung_erinnern                    erhebung                  ammmmmmmma  axx0xxxx>a
erhebung_verlaengern                 erhebung                  ammmmmmmma  axx0xxxx.a
erhebung_auswerten                   erhebung                  ammmmmmmma  axx0xxxx>a
erhebung_wieder_oeffnen              erhebung-auswertung       ammmmmmmma  ax00xxxx.a
erhebung_abschliessen                erhebung-auswertung       ammmmmmmma  ax00xxxx>a
gespraech_neu                        erhebung                  axx0xxxx.a  axx0xxxx.a
gespraech_bearbeiten                 gespraech                 axx0xxxx.a  axx0xxxx.a
fragebogen_detail                    pruefung                  a0.0.000.a  ammmmmmmma
pruefung_detail                      pruefung                  a0x0x000.a  ammmmmmmma
pruefung_detail                      pruefung-fertig           a0x0x000.a  ammmmmmmma
pruefung_entscheiden                 pruefung-antwort          a0x0x000.a  a0x0x000.a
pruefung_unveraenderte               pruefung                  ammmmmmmma  a0x0x000>a
pruefung_abschliessen                pruefung-leer             ammmmmmmma  a0x0x000>a
pruefung_wieder_oeffnen              pruefung-fertig           ammmmmmmma  a0x0x000>a
fragebogen_uebernehmen               pruefung-fertig           ammmmmmmma  a0x0x000>a
fragebogen_zurueckgeben              pruefung                  a0x0x000.a  a0x0x000.a
widersprueche_liste                  pruefung-runde            axx0xxxx.a  ammmmmmmma
veroeffentlichung_neu                erhebung-mit-namen        axxxxxxx.a  axxxxxxx.a
veroeffentlichung_detail             veroeffentlichung         ..........  mmmmmmmmmm
veroeffentlichung_detail             anonymisierte             ..........  mmmmmmmmmm
veroeffentlichung_detail             veroeffentlichungsentwurf 0000..00.0  mmmmmmmmmm
veroeffentlichung_detail             zurueckgezogene           0........0  mmmmmmmmmm
fussnote_bearbeiten                  fussnote                  a000xx00.a  a000xx00.a
zustimmung_erteilen                  veroeffentlichungsentwurf ammmmmmmma  a000..00.a
zustimmung_zuruecknehmen             zustimmung                ammmmmmmma  a000>x00>a
veroeffentlichung_freigeben          veroeffentlichungsentwurf ammmmmmmma  a000xx00>a
veroeffentlichung_zuruecknehmen      anonymisierte             ammmmmmmma  axxxxxxx.a
veroeffentlichung_verwerfen          veroeffentlichungsentwurf ammmmmmmma  a000xx00>a
einlesung_liste                      -                         axxxxxxx.a  axxxxxxx.a
einlesung_vorlage                    einlesung-vorlage         axxxxxxx.a  ammmmmmmma
einlesung_detail                     einlesung                 a0000000.a  ammmmmmmma
einlesung_datei                      einlesung                 a0000000.a  ammmmmmmma
einlesung_uebernehmen                einlesung                 ammmmmmmma  a0000000>a
einlesung_verwerfen                  einlesung                 ammmmmmmma  a0000000>a
interesse_liste                      -                         ..........  mmmmmmmmmm
interesse_neu                        -                         ax....xxxa  ax....xxxa
interesse_detail                     bekundung                 a........a  ammmmmmmma
interesse_detail                     bekundung-entwurf         a0.0.0000a  ammmmmmmma
interesse_zurueckziehen              bekundung                 ammmmmmmma  ax.x.xxxxa
interesse_zurueckziehen              bekundung-entwurf         ammmmmmmma  a0.0.0000a
interesse_detail                     bekundung-im-auftrag      a........a  ammmmmmmma
interesse_detail                     bekundung-wartend         a........a  ammmmmmmma
interesse_anheben                    bekundung                 ammmmmmmma  ax>x>xxxxa
interesse_anheben                    bekundung-entwurf         ammmmmmmma  a0>0>0000a
interesse_bestaetigen                bekundung-wartend         ammmmmmmma  axxx>xxxxa
interesse_bestaetigen                bekundung-entwurf         ammmmmmmma  a0x0>0000a
interesse_verwerfen                  bekundung-entwurf         ammmmmmmma  a0>0>0000a
interesse_verwerfen                  bekundung                 ammmmmmmma  ax>x>xxxxa
interesse_beleg                      bekundung-im-auftrag      ax.x.xxx.a  ammmmmmmma
interesse_beleg                      bekundung                 ax0x0xxx0a  ammmmmmmma
interesse_beleg                      bekundung-entwurf         a00000000a  ammmmmmmma
interesse_fuer_andere                -                         axxxxxxx.a  axxxxxxx.a
interesse_bearbeiten                 bekundung                 ax.x.xxx.a  ax.x.xxx.a
interesse_bearbeiten                 bekundung-entwurf         a0.0.0000a  a0.0.0000a
interesse_anschliessen               bekundung                 ax....xxxa  axv.v.xxxa
interesse_anschliessen               bekundung-entwurf         a0.0.0000a  a0v0v0000a
interesse_eigene                     -                         ax....xxxa  ammmmmmmma
interesse_bestaetigungen             -                         axxx..xx.a  ammmmmmmma
bestaetigungspflicht_setzen          kommune                   ammmmmmmma  axxx>xxx>a
konstellation_liste                  -                         ax....xx.a  ammmmmmmma
# --- rounds of declarations
runde_liste                          -                         ..........  mmmmmmmmmm
runde_neu                            -                         axxxxxxx.a  axxxxxxx.a
runde_detail                         runde                     0........0  0mmmmmmmm0
runde_detail                         runde-geplant             00000000.0  00000000m0
runde_detail                         runde-abgeschlossen       0........0  0mmmmmmmm0
runde_detail                         runde-oeffentlich         ..........  mmmmmmmmmm
runde_bearbeiten                     runde-geplant             a0000000.a  a0000000.a
runde_bearbeiten                     runde                     axxxxxxx>a  axxxxxxx>a
runde_eroeffnen                      runde-geplant             ammmmmmmma  a0000000>a
runde_erinnern                       runde                     ammmmmmmma  axxxxxxx>a
runde_verlaengern                    runde                     ammmmmmmma  axxxxxxx.a
runde_zurueckmelden                  runde                     ammmmmmmma  ax....xx.a
runde_abschliessen                   runde                     ammmmmmmma  axxxxxxx.a
runde_veroeffentlichen               runde-abgeschlossen       ammmmmmmma  axxxxxxx!a
verlauf                              verlauf-runde             axxxxxxx.a  ammmmmmmma
aufgabenfeld_beobachten              feld                      ammmmmmmma  a!!!!!!!!a
starthilfe_neu                       feld                      axxxxxxx.a  axxxxxxx.a
# --- the Fragebogen of a Kommune
fragebogen_detail                    fragebogen                a0.0.000.a  ammmmmmmma
fragebogen_detail                    fragebogen-freigegeben    a0.0.000.a  ammmmmmmma
fragebogen_stelle                    fragebogen                a0.0.000xa  a0.0.000xa
fragebogen_stelle                    fragebogen-freigegeben    a0x0x000xa  a0x0x000xa
fragebogen_papier                    fragebogen                a0x0x000.a  a0x0x000.a
fragebogen_papier                    fragebogen-freigegeben    a0x0x000xa  a0x0x000xa
fragebogen_interessen                fragebogen                a0.0.000xa  a0.0.000xa
fragebogen_interessen                fragebogen-freigegeben    a0x0x000xa  a0x0x000xa
fragebogen_rest_gilt                 fragebogen                ammmmmmmma  a0>0>000xa
fragebogen_rest_gilt                 fragebogen-freigegeben    ammmmmmmma  a0x0x000xa
fragebogen_vorlegen                  fragebogen                ammmmmmmma  a0>0>000xa
fragebogen_vorlegen                  fragebogen-freigegeben    ammmmmmmma  a0x0x000xa
fragebogen_freigeben                 fragebogen                ammmmmmmma  a0x0>000xa
fragebogen_freigeben                 fragebogen-freigegeben    ammmmmmmma  a0x0x000xa
fragebogen_unveraendert              fragebogen                ammmmmmmma  a0x0>000xa
fragebogen_unveraendert              fragebogen-freigegeben    ammmmmmmma  a0x0x000xa
antwort_neu                          fragebogen                a0.0.000xa  a0.0.000xa
antwort_neu                          fragebogen-freigegeben    a0x0x000xa  a0x0x000xa
antwort_bearbeiten                   antwort                   a0.0.000xa  a0.0.000xa
antwort_bearbeiten                   antwort-freigegeben       a0x0x000xa  a0x0x000xa
antwort_gilt_noch                    antwort                   ammmmmmmma  a0>0>000xa
antwort_gilt_noch                    antwort-freigegeben       ammmmmmmma  a0x0x000xa
antwort_loeschen                     antwort                   ammmmmmmma  a0>0>000xa
antwort_loeschen                     antwort-neu               ammmmmmmma  a0>0>000xa
antwort_bearbeiten                   antwort-neu               a0.0.000xa  a0.0.000xa
antwort_loeschen                     antwort-freigegeben       ammmmmmmma  a0x0x000xa
antwort_uebergeben                   antwort                   ammmmmmmma  a0>0>000xa
antwort_uebergeben                   antwort-freigegeben       ammmmmmmma  a0x0x000xa
verlauf                              verlauf-fragebogen        a0.0.000.a  ammmmmmmma
verlauf                              verlauf-fragebogen-freigegeben a0.0.000.a  ammmmmmmma
# --- Projekte and Berichte
projekt_liste                        -                         ..........  mmmmmmmmmm
projekt_neu                          -                         axxxxxxx.a  axxxxxxx.a
ansicht_speichern                    -                         ammmmmmmma  a>>>>>>>>a
ansicht_loeschen                     ansicht                   ammmmmmmma  a0>000000a
projekt_detail                       projekt                   ..........  mmmmmmmmmm
projekt_detail                       projekt-aus-interesse     ..........  mmmmmmmmmm
projekt_detail                       eingereicht               ..........  mmmmmmmmmm
projekt_detail                       intern                    0........0  mmmmmmmmmm
projekt_bearbeiten                   projekt                   axxxxx.x.a  axxxxx.x.a
projekt_bearbeiten                   eingereicht               axxxxxxx.a  axxxxxxx.a
projekt_bearbeiten                   intern                    axxxxxxx.a  axxxxxxx.a
projekt_ablaufplan                   projekt                   ..........  mmmmmmmmmm
projekt_ablaufplan                   eingereicht               ..........  mmmmmmmmmm
projekt_ablaufplan                   intern                    0........0  mmmmmmmmmm
auftrag_detail                       projekt                   ..........  mmmmmmmmmm
auftrag_detail                       eingereicht               ..........  mmmmmmmmmm
auftrag_detail                       intern                    0........0  mmmmmmmmmm
auftrag_version                      auftrag-beschlossen       ..........  mmmmmmmmmm
auftrag_version                      auftrag-entwurf           00.0.0.0.0  mmmmmmmmmm
auftrag_version                      auftrag-eingereicht       00.0.00..0  mmmmmmmmmm
auftrag_version                      auftrag-intern            0........0  mmmmmmmmmm
bericht_liste                        -                         a........a  axxxxxxx!a
bericht_detail                       bericht                   a........a  ammmmmmmma
bericht_detail                       bericht-unveroeffentlicht a000000..a  ammmmmmmma
bericht_pdf                          bericht                   a........a  ammmmmmmma
bericht_pdf                          bericht-unveroeffentlicht a000000..a  ammmmmmmma
bericht_wiederholen                  bericht                   ammmmmmmma  axxxxxxx>a
bericht_wiederholen                  bericht-unveroeffentlicht ammmmmmmma  a000000x>a
bericht_freigeben                    bericht                   ammmmmmmma  axxxxxxx>a
bericht_freigeben                    bericht-unveroeffentlicht ammmmmmmma  a000000x>a
# --- Wissen
beitrag_liste                        -                         ..........  mmmmmmmmmm
beitrag_detail                       beitrag                   ..........  mmmmmmmmmm
beitrag_detail                       beitrag-intern            0........0  mmmmmmmmmm
beitrag_detail                       beitrag-entwurf           00000000.0  mmmmmmmmmm
# --- Konten, Einladungen, Vertretungen
konto_liste                          -                         axxx..xx.a  ammmmmmmma
einladung_neu                        -                         axxx..xx.a  axxx..xx.a
einladung_erneut                     einladung                 ammmmmmmma  a000>000>a
einladung_zurueckziehen              einladung                 ammmmmmmma  a000>000>a
konto_detail                         konto                     a000.000.a  ammmmmmmma
konto_detail                         konto-deaktiviert         a000.000.a  ammmmmmmma
konto_bearbeiten                     konto                     a000x000.a  a000x000.a
konto_bearbeiten                     konto-deaktiviert         a000x000.a  a000x000.a
konto_deaktivieren                   konto                     ammmmmmmma  a000x000>a
konto_deaktivieren                   konto-deaktiviert         ammmmmmmma  a000x000>a
konto_reaktivieren                   konto                     ammmmmmmma  a000x000>a
konto_reaktivieren                   konto-deaktiviert         ammmmmmmma  a000x000>a
konto_faktor_entfernen               konto                     ammmmmmmma  a000x000>a
konto_faktor_entfernen               konto-deaktiviert         ammmmmmmma  a000x000>a
vertretung_liste                     -                         a........a  ammmmmmmma
vertretung_neu                       -                         axxx..x..a  axxx..x..a
vertretung_beenden                   vertretung                ammmmmmmma  a000>000>a
# --- the own Konto
eigene_daten                         -                         a........a  ammmmmmmma
eigene_daten_export                  -                         a........a  ammmmmmmma
benachrichtigungen                   -                         a........a  a........a
abbestellen                          abbestell-link            ..........  ..........
einladung_annehmen                   einladung-link            ..........  ..........
konto_profil                         -                         a........a  a........a
account_login                        -                         .>>>>>>>>.  .>>>>>>>>.
account_logout                       -                         >........>  >>>>>>>>>>
account_inactive                     -                         ..........  mmmmmmmmmm
account_reauthenticate               -                         a........a  a........a
account_change_password              -                         a........a  a........a
account_set_password                 -                         a>>>>>>>>a  a>>>>>>>>a
account_reset_password               -                         ..........  ..........
account_reset_password_done          -                         ..........  mmmmmmmmmm
account_reset_password_from_key      passwort-link             ..........  ..........
account_reset_password_from_key_done -                         ..........  mmmmmmmmmm
account_email                        -                         a........a  a>>>>>>>>a
account_email_verification_sent      -                         ..........  mmmmmmmmmm
account_confirm_email                adresse-link              a0.000000a  a0>000000a
openid_connect_login                 anbieter                  mmmmmmmmmm  0000000000
openid_connect_callback              anbieter                  0000000000  mmmmmmmmmm
# --- second factor
mfa_index                            -                         a........a  ammmmmmmma
mfa_authenticate                     -                         a>>>>>>>>a  a>>>>>>>>a
mfa_reauthenticate                   -                         a>>>>>>>.a  a>>>>>>>.a
mfa_activate_totp                    -                         a.>.....>a  a.>.....>a
mfa_deactivate_totp                  -                         a0000000.a  a0000000>a
mfa_view_recovery_codes              -                         a00000000a  ammmmmmmma
mfa_generate_recovery_codes          -                         a........a  a.>.....>a
mfa_download_recovery_codes          -                         a00000000a  a00000000a
mfa_list_webauthn                    -                         a........a  ammmmmmmma
mfa_add_webauthn                     -                         a.>......a  a.>......a
mfa_reauthenticate_webauthn          -                         a>.>>>>>>a  a>>>>>>>>a
mfa_remove_webauthn                  passkey                   a0.000000a  a0>000000a
mfa_edit_webauthn                    passkey                   a0.000000a  a0.000000a
# --- record and operation
nachricht_liste                      -                         axxxxxxx.a  axxxxxxxma
nachricht_detail                     nachricht                 axxxxxxx.a  axxxxxxxma
nachricht_wiederholen                nachricht                 ammmmmmmma  axxxxxxx>a
postfach                             -                         a00000000a  a00000000a
protokoll                            -                         axxxxxxx.a  ammmmmmmma
verlauf                              verlauf-kommune           axxx.xxx.a  ammmmmmmma
verlauf                              verlauf-konto             a000.000.a  ammmmmmmma
verlauf                              verlauf-kooperation       axxxxxxx.a  ammmmmmmma
verlauf                              verlauf-bekundung         ax.x.xxx.a  ammmmmmmma
verlauf                              verlauf-bekundung-entwurf a0.0.0000a  ammmmmmmma
verlauf                              verlauf-erhebung          axx0xxxx.a  ammmmmmmma
verlauf                              verlauf-veroeffentlichung axxxxxxx.a  ammmmmmmma
verlauf                              verlauf-einlesung         a0000000.a  ammmmmmmma
verlauf                              verlauf-externerpartner   axxxxxxx.a  ammmmmmmma
verlauf                              verlauf-projekt           axxxxx.x.a  ammmmmmmma
verlauf                              verlauf-projektauftrag    axxxxx.x.a  ammmmmmmma
verlauf                              verlauf-bericht           axxxxxxx.a  ammmmmmmma
verlauf                              verlauf-beitrag           axxxxxxx.a  ammmmmmmma
/gesund/lebt/                        -                         ..........  ..........
/gesund/bereit/                      -                         ..........  ..........
/gibt/es/nicht/                      -                         0000000000  0000000000
"""


@dataclass(frozen=True)
class Zeile:
    name: str
    objekt: str
    get: str
    post: str

    def __str__(self) -> str:
        return self.name if self.objekt == "-" else f"{self.name}[{self.objekt}]"


ZEILEN = [Zeile(*zeile.split()) for zeile in TABELLE.strip().splitlines() if zeile and not zeile.startswith("#")]
