"""What the pages of the operation show, ready-formatted."""

from collections.abc import Iterable
from dataclasses import dataclass

from ikz_portal.basis.auswahl import PostStatus
from ikz_portal.basis.formate import zeitpunkt
from ikz_portal.basis.models import Lauf, Postausgang


@dataclass(frozen=True, slots=True)
class Nachricht:
    """One mail. Its text is as the outbox keeps it: a personal link is not in there."""

    pk: int
    an: str
    betreff: str
    text: str
    status: PostStatus
    angelegt: str
    gesendet: str
    versuche: int
    naechster: str
    fehler: str
    mit_link: bool

    @property
    def gescheitert(self) -> bool:
        return self.status == PostStatus.FEHLGESCHLAGEN


def nachricht(post: Postausgang) -> Nachricht:
    return Nachricht(
        pk=post.pk,
        an=post.an,
        betreff=post.betreff,
        text=post.text,
        status=post.marke_des_status,
        angelegt=zeitpunkt(post.angelegt_am),
        gesendet=zeitpunkt(post.gesendet_am) if post.gesendet_am else "",
        versuche=post.lauf.versuche,
        naechster=_naechster(post.lauf),
        fehler=post.lauf.fehler if post.status != PostStatus.GESENDET else "",
        mit_link=bool(post.geheimnis),
    )


def nachrichten(posten: Iterable[Postausgang]) -> list[Nachricht]:
    """Take them with their Lauf loaded."""
    return [nachricht(post) for post in posten]


def _naechster(lauf: Lauf) -> str:
    """Say when it is tried next; nothing where it isn't."""
    if not lauf.ist_offen:
        return ""
    if lauf.fruehestens is not None:
        return zeitpunkt(lauf.fruehestens)
    return "sobald der Versand wieder läuft" if lauf.wartet_auf_warteschlange else "sofort"
