from allauth.account import views as konto
from allauth.mfa.base import views as faktor
from allauth.mfa.recovery_codes import views as notfallcode
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import path, re_path

from kommunen.views.kommune import KommuneListView

FAKTOR = "konto/zweiter-faktor/"

urlpatterns = [
    path("kommunen/", KommuneListView.as_view(), name="kommune_liste"),
    # --- the own Konto: names are the library's, which looks its pages up by them ----------------------------------
    path("konto/anmelden/", konto.login, name="account_login"),
    path("konto/abmelden/", konto.logout, name="account_logout"),
    path("konto/deaktiviert/", konto.account_inactive, name="account_inactive"),
    path("konto/pruefen/", konto.reauthenticate, name="account_reauthenticate"),
    path("konto/passwort/", konto.password_change, name="account_change_password"),
    path("konto/passwort/setzen/", konto.password_set, name="account_set_password"),
    path("konto/passwort/vergessen/", konto.password_reset, name="account_reset_password"),
    path("konto/passwort/vergessen/verschickt/", konto.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^konto/passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        konto.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("konto/passwort/geaendert/", konto.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("konto/adresse/", konto.email, name="account_email"),
    path("konto/adresse/verschickt/", konto.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^konto/adresse/(?P<key>[-:\w]+)/$", konto.confirm_email, name="account_confirm_email"),
    # --- second factor -----------------------------------------------------------------------------------------------
    path(FAKTOR, faktor.index, name="mfa_index"),
    path(f"{FAKTOR}eingeben/", faktor.authenticate, name="mfa_authenticate"),
    path(f"{FAKTOR}pruefen/", faktor.reauthenticate, name="mfa_reauthenticate"),
    path(f"{FAKTOR}app/einrichten/", totp.activate_totp, name="mfa_activate_totp"),
    path(f"{FAKTOR}app/entfernen/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(f"{FAKTOR}notfallcodes/", notfallcode.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(f"{FAKTOR}notfallcodes/neu/", notfallcode.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(f"{FAKTOR}notfallcodes/datei/", notfallcode.download_recovery_codes, name="mfa_download_recovery_codes"),
    path(f"{FAKTOR}passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path(f"{FAKTOR}passkeys/neu/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path(f"{FAKTOR}passkeys/pruefen/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(f"{FAKTOR}passkeys/<int:pk>/entfernen/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path(f"{FAKTOR}passkeys/<int:pk>/umbenennen/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
]
