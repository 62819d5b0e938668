from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView


class Kapitel(NamedTuple):
    slug: str
    titel: str
    text: str


@cache
def handbuch() -> dict[str, Kapitel]:
    """Return the chapters in docs/handbuch/ by slug, in their order; the heading is the title, the rest the text."""
    kapitel = {}
    for datei in sorted((settings.WURZEL / "docs" / "handbuch").glob("*.md")):
        titel, _, text = datei.read_text(encoding="utf-8").partition("\n")
        slug = datei.stem.partition("-")[2]
        kapitel[slug] = Kapitel(slug, titel.removeprefix("# ").strip(), text)
    return kapitel


@method_decorator(login_not_required, name="dispatch")
class HilfeView(TemplateView):
    """The handbook: its first chapter, or the one that the address names."""

    template_name = "startseite/hilfe.html"

    def get_context_data(self, kapitel: str = "", **kwargs: Any) -> dict[str, Any]:
        alle = handbuch()
        gewaehlt = alle.get(kapitel) if kapitel else next(iter(alle.values()))
        if gewaehlt is None:
            raise Http404("Dieses Kapitel gibt es im Handbuch nicht.")
        return super().get_context_data(**kwargs, kapitel=gewaehlt, alle=alle.values())
