"""What has begun already with declarations that a proposal rests on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bestandsaufnahme.abfragen.konstellation.modell import Konstellation
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet

# A proposal, and the names of the Projekte that came from its declarations.
MitProjekten = tuple[Konstellation, list[str]]


def mit_projekten(
    vorschlaege: Sequence[Konstellation], interessen: InteressenbekundungQuerySet
) -> Iterable[MitProjekten]:
    """Take the declarations that may be seen. One query."""
    gemeinte = {eine: {b.pk for k in eine.kommunen for b in k.interessen} for eine in vorschlaege}
    projekte: dict[int, set[str]] = defaultdict(set)
    daraus = interessen.filter(pk__in=set().union(*gemeinte.values()), starthilfen__isnull=False)
    for pk, name in daraus.order_by().values_list("pk", "starthilfen__projekt__name"):
        projekte[pk].add(name)
    return [(eine, sorted(set().union(*(projekte[pk] for pk in pks)))) for eine, pks in gemeinte.items()]
