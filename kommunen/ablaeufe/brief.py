"""The frame of every mail: greeting, closing, the way to the portal."""

from django.conf import settings
from django.template.loader import render_to_string

from kommunen.models import Verbund


def brief(text: str) -> str:
    """Return the text framed as the library's mails are (templates/account/email/base_message.txt)."""
    werte = {"text": text, "verbund": Verbund.objects.first(), "portal_url": settings.BASE_URL}
    return render_to_string("kommunen/brief.txt", werte).strip()
