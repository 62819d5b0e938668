"""The log of sign-ins, for security."""

from kommunen.models import Anmeldung, Konto


def festhalten(*, email: str, ip: str, gelungen: bool) -> Anmeldung:
    """Keep an attempt; an address that belongs to nobody is not kept."""
    konto = Konto.objects.filter(email__iexact=email).first()
    return Anmeldung.objects.create(konto=konto, ip=ip, gelungen=gelungen)
