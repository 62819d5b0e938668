"""Telling what became of a letter to the Kommunen."""

from django.contrib import messages
from django.http import HttpRequest

from bestandsaufnahme.ablaeufe.rundschreiben import Versand


def versand_melden(request: HttpRequest, was: str, versand: Versand) -> None:
    """Say that it is done, how many mails that makes, and whom none of them reaches."""
    mails = "1 E-Mail geht" if versand.mails == 1 else f"{versand.mails} E-Mails gehen"
    kommunen = "1 Kommune" if versand.kommunen == 1 else f"{versand.kommunen} Kommunen"
    messages.success(request, f"{was}. {mails} an {kommunen}." if versand.mails else f"{was}.")
    if versand.ohne_konto:
        namen = ", ".join(versand.ohne_konto)
        messages.warning(request, f"Nicht per E-Mail erreichbar, weil niemand ein Konto hat: {namen}.")
