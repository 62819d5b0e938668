from allauth.account import views as konto
from allauth.mfa.base import views as faktor
from allauth.mfa.recovery_codes import views as notfallcode
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import path, re_path

from kommunen.oidc import views as oidc
from kommunen.views import einladung, profil, vertretung, zweiter_faktor
from kommunen.views import konto as konten
from kommunen.views.kommune import KommuneListView
from kommunen.views.sitzung import wenn_pruefbar
from kommunen.views.zweiter_faktor import wenn_lesbar

FAKTOR = "konto/zweiter-faktor/"

urlpatterns = [
    path("kommunen/", KommuneListView.as_view(), name="kommune_liste"),
    # --- Konten, Einladungen, Vertretungen -------------------------------------------------------------------------
    path("konten/", konten.KontoListView.as_view(), name="konto_liste"),
    path("konten/einladen/", einladung.EinladungNeuView.as_view(), name="einladung_neu"),
    path("konten/einladungen/<int:pk>/erneut/", einladung.erneut_schicken, name="einladung_erneut"),
    path("konten/einladungen/<int:pk>/zurueckziehen/", einladung.zurueckziehen, name="einladung_zurueckziehen"),
    path("konten/<int:pk>/", konten.KontoDetailView.as_view(), name="konto_detail"),
    path("konten/<int:pk>/bearbeiten/", konten.KontoBearbeitenView.as_view(), name="konto_bearbeiten"),
    path("konten/<int:pk>/deaktivieren/", konten.deaktivieren, name="konto_deaktivieren"),
    path("konten/<int:pk>/reaktivieren/", konten.reaktivieren, name="konto_reaktivieren"),
    path("konten/<int:pk>/zweiter-faktor/", konten.zweiten_faktor_entfernen, name="konto_faktor_entfernen"),
    path("konto/einladung/<str:token>/", einladung.EinladungAnnehmenView.as_view(), name="einladung_annehmen"),
    path("vertretungen/", vertretung.VertretungListView.as_view(), name="vertretung_liste"),
    path("vertretungen/neu/", vertretung.VertretungNeuView.as_view(), name="vertretung_neu"),
    path("vertretungen/<int:pk>/beenden/", vertretung.beenden, name="vertretung_beenden"),
    # --- the own Konto: names are the library's, which looks its pages up by them ----------------------------------
    path("konto/", profil.ProfilView.as_view(), name="konto_profil"),
    path("konto/anmelden/", konto.login, name="account_login"),
    path("konto/abmelden/", konto.logout, name="account_logout"),
    path("konto/deaktiviert/", konto.account_inactive, name="account_inactive"),
    path("konto/pruefen/", wenn_pruefbar(konto.reauthenticate), name="account_reauthenticate"),
    path("konto/passwort/", konto.password_change, name="account_change_password"),
    path("konto/passwort/setzen/", oidc.passwort_setzen, name="account_set_password"),
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
    re_path(
        r"^konto/adresse/(?P<key>[-:\w]+)/$", profil.AdresseBestaetigenView.as_view(), name="account_confirm_email"
    ),
    # --- single sign-on ----------------------------------------------------------------------------------------------
    path("konto/sso/<slug:provider_id>/", oidc.anmelden, name="openid_connect_login"),
    path("konto/sso/<slug:provider_id>/zurueck/", oidc.zurueck, name="openid_connect_callback"),
    # --- second factor -----------------------------------------------------------------------------------------------
    path(FAKTOR, zweiter_faktor.UebersichtView.as_view(), name="mfa_index"),
    path(f"{FAKTOR}eingeben/", faktor.authenticate, name="mfa_authenticate"),
    path(f"{FAKTOR}pruefen/", wenn_pruefbar(faktor.reauthenticate), name="mfa_reauthenticate"),
    path(f"{FAKTOR}app/einrichten/", totp.activate_totp, name="mfa_activate_totp"),
    path(f"{FAKTOR}app/entfernen/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(f"{FAKTOR}notfallcodes/", wenn_lesbar(notfallcode.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(f"{FAKTOR}notfallcodes/neu/", notfallcode.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        f"{FAKTOR}notfallcodes/datei/",
        wenn_lesbar(zweiter_faktor.NotfallcodesDateiView.as_view()),
        name="mfa_download_recovery_codes",
    ),
    path(f"{FAKTOR}passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path(f"{FAKTOR}passkeys/neu/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path(
        f"{FAKTOR}passkeys/pruefen/",
        wenn_pruefbar(zweiter_faktor.PasskeyPruefenView.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path(f"{FAKTOR}passkeys/<int:pk>/entfernen/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path(f"{FAKTOR}passkeys/<int:pk>/umbenennen/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
]
