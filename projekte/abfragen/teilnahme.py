"""„n von m“: the one place for the rule which figure of a Projekt counts."""

from dataclasses import dataclass
from datetime import date

from ikz_portal.basis import formate
from projekte.models import Projekt

# Where no figure is known: of a Projekt that a source tells of, and of one of our own.
NICHT_UEBERLIEFERT = "nicht überliefert"
NOCH_KEINE = "noch keine Antworten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teilnahmestand:
    """How many of how many take part; both are None where no figure is known. The source counted `zitiert` ones."""

    zustimmungen: int | None = None
    von: int | None = None
    beschluss_noetig: int = 0
    offen: int = 0
    zitiert: bool = False
    stand: date | None = None
    quelle: str = ""

    @property
    def bekannt(self) -> bool:
        return self.zustimmungen is not None

    @property
    def text(self) -> str:
        if self.bekannt:
            return f"{self.zustimmungen} von {self.von}"
        return NICHT_UEBERLIEFERT if self.quelle else NOCH_KEINE

    @property
    def zusatz(self) -> str:
        """What has to be said beside the figure: where it comes from, or what is still missing."""
        return self.herkunft or self.ausstehend

    @property
    def herkunft(self) -> str:
        return f"laut Quelle, Stand {formate.tag(self.stand)}" if self.zitiert else ""

    @property
    def ausstehend(self) -> str:
        beschluss = "Gremienbeschluss steht" if self.beschluss_noetig == 1 else "Gremienbeschlüsse stehen"
        teile = [f"{self.beschluss_noetig} {beschluss} aus"] if self.beschluss_noetig else []
        if self.offen:
            teile.append(f"{self.offen} {'Antwort' if self.offen == 1 else 'Antworten'} offen")
        return ", ".join(teile)


def teilnahmestand(projekt: Projekt) -> Teilnahmestand:
    """Return what is known: answers, else the quoted figure, else nothing. Needs `Projekt.objects.mit_teilnahme()`."""
    if projekt.antworten:  # type: ignore[attr-defined]  # annotated, as are the next ones
        return Teilnahmestand(
            zustimmungen=projekt.zustimmungen,  # type: ignore[attr-defined]  # annotated
            von=projekt.antworten,  # type: ignore[attr-defined]  # annotated
            beschluss_noetig=projekt.beschluss_noetig,  # type: ignore[attr-defined]  # annotated
            offen=projekt.antworten - projekt.beantwortet,  # type: ignore[attr-defined]  # annotated
        )
    if projekt.teilnahme_zitat is None:
        erzaehlt = not projekt.aus_interessen  # type: ignore[attr-defined]  # annotated
        return Teilnahmestand(quelle=projekt.quelle if erzaehlt else "")
    return Teilnahmestand(
        zustimmungen=projekt.teilnahme_zitat,
        von=projekt.teilnahme_zitat_von,
        zitiert=True,
        stand=projekt.teilnahme_zitat_stand,
        quelle=projekt.quelle,
    )
