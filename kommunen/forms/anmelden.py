"""The library's forms about sign-in, password and address, in the portal's words; what they check is the library's."""

from typing import Any

from allauth.account import forms as konto
from allauth.account.fields import EmailField, PasswordField, SetPasswordField
from django import forms
from django.http import HttpRequest

from ikz_portal.basis import laeufe

ADRESSE = "E-Mail-Adresse"
LAENGSTE_ADRESSE = 254  # what the column takes; the library's field lets longer ones pass
LAENGSTES_PASSWORT = 200
PASSWORT_HILFE = (
    "Mindestens 12 Zeichen, kein gängiges Passwort, Ihrem Namen und Ihrer E-Mail-Adresse nicht ähnlich. "
    "Ein Satz aus mehreren Wörtern ist sicher und leicht zu merken."
)
VERSCHIEDEN = "Die beiden Passwörter sind verschieden. Bitte geben Sie zweimal dasselbe ein."


def neues_passwort() -> SetPasswordField:
    return SetPasswordField(label="Neues Passwort", help_text=PASSWORT_HILFE, max_length=LAENGSTES_PASSWORT)


def wiederholung() -> PasswordField:
    return PasswordField(label="Neues Passwort, noch einmal", autocomplete="new-password")


class OhnePlatzhalter(forms.Form):
    """The label says it already; a placeholder is gone with the first letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for feld in self.fields.values():
            feld.widget.attrs.pop("placeholder", None)


class ZweimalGleich(OhnePlatzhalter):
    def clean(self) -> dict[str, Any]:
        """Compare before the library does, which says Du."""
        eins, zwei = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if eins and zwei and eins != zwei:
            self.add_error("password2", VERSCHIEDEN)
        return super().clean() or self.cleaned_data


class AnmeldeForm(OhnePlatzhalter, konto.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = ADRESSE


class BestaetigenForm(OhnePlatzhalter, konto.ReauthenticateForm):
    """The password once more, before something that matters."""


class AdresseForm(OhnePlatzhalter, konto.AddEmailForm):
    email = EmailField(
        label="Neue E-Mail-Adresse",
        help_text="Wir schicken einen Link an diese Adresse. Sie gilt, sobald Sie ihn geöffnet haben.",
        max_length=LAENGSTE_ADRESSE,
    )


class PasswortVergessenForm(OhnePlatzhalter, konto.ResetPasswordForm):
    email = EmailField(label=ADRESSE, max_length=LAENGSTE_ADRESSE)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ring for the mail whether or not there is one, so that the time of the answer doesn't tell it."""
        email: str = super().save(request, **kwargs)
        laeufe.kehren_lassen()
        return email


class PasswortAendernForm(ZweimalGleich, konto.ChangePasswordForm):
    oldpassword = PasswordField(label="Jetziges Passwort", show_reset_help=True, autocomplete="current-password")
    password1 = neues_passwort()
    password2 = wiederholung()


class PasswortSetzenForm(ZweimalGleich, konto.SetPasswordForm):
    password1 = neues_passwort()
    password2 = wiederholung()


class PasswortNeuForm(ZweimalGleich, konto.ResetPasswordKeyForm):
    """After the link of „Passwort vergessen“."""

    password1 = neues_passwort()
    password2 = wiederholung()
