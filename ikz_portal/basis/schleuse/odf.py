"""OpenDocument: which of them it is, and what its parts may hold."""

from ikz_portal.basis.schleuse.archiv import GESPEICHERT, Archiv
from ikz_portal.basis.schleuse.befund import Dateiart, unlesbar
from ikz_portal.basis.schleuse.verbot import EINGEBETTET, MAKROS, NACHLADEN, VERSCHLUESSELT, verbot

ARTEN = {art.value.inhaltstyp: art for art in (Dateiart.ODT, Dateiart.ODS, Dateiart.ODP)}
TEIL = r"(^|/)(content|styles|settings|meta)\.xml$"
MARKE = rb"<(?:[\w.-]+:)?"

VERBOTE = (
    verbot(r"(^|/)(Basic|Scripts|Dialogs)/.", MAKROS),
    verbot(r"^META-INF/manifest\.xml$", VERSCHLUESSELT, MARKE + rb"encryption-data\b", b"encryption-data"),
    verbot(TEIL, MAKROS, MARKE + rb"event-listener\b[^<>]{0,4096}\b(?:language|macro-name)\s*=", b"event-listener"),
    verbot(TEIL, MAKROS, rb"vnd\.sun\.star\.script|[\"']macro:", b"vnd.sun.star.script", b"macro:"),
    verbot(TEIL, MAKROS, rb"\baction\s*=\s*[\"'](?:execute|verb)", b"execute", b"verb"),
    verbot(
        TEIL,
        EINGEBETTET,
        MARKE + rb"(?:object-ole|applet|plugin|floating-frame)\b",
        *(b"object-ole", b"applet", b"plugin", b"floating-frame"),
    ),
    verbot(TEIL, NACHLADEN, MARKE + rb"dde-(?:source|connection-decl|link)\b", b"dde-"),
    verbot(
        TEIL,
        NACHLADEN,
        MARKE + rb"(?:image|fill-image|object|background-image|table-source|section-source|cell-range-source)\b"
        rb"[^<>]{0,4096}\bhref\s*=\s*[\"']\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\|/|\.\./)",
        b"href",
    ),
)


def art(archiv: Archiv) -> Dateiart:
    """Return which it is. The kind stands first, plain, so that a reader can tell without unpacking."""
    glied = archiv.glieder["mimetype"]
    if glied.kopf != 0 or glied.packung != GESPEICHERT or "content.xml" not in archiv.glieder:
        raise unlesbar("es ist kein OpenDocument")
    typ = archiv.ganz("mimetype", hoechstens=100).decode("latin-1").strip()
    if typ not in ARTEN:
        raise unlesbar("es ist keine OpenDocument-Datei, die angenommen wird")
    return ARTEN[typ]
