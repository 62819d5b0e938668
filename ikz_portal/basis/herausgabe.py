"""How a kept file leaves the portal: to be saved, never to be shown as a page of ours, and never from a folder."""

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified

from ikz_portal.basis.models import Fassung

KOPFZEILEN = {
    # Whatever a browser makes of the file: it runs nothing and reaches nothing.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    # The browser asks each time whether it still may, and gets 304 while it may.
    "Cache-Control": "private, no-cache",
}


def datei_antwort(request: HttpRequest, fassung: Fassung) -> HttpResponseBase:
    """Answer with this file. Whoever calls has made sure that this person may read it."""
    marke = f'"{fassung.pruefsumme}"'
    kopfzeilen = {**KOPFZEILEN, "ETag": marke}
    if request.headers.get("If-None-Match") == marke:
        return HttpResponseNotModified(headers=kopfzeilen)
    return FileResponse(
        fassung.datei.open("rb"),
        as_attachment=True,
        filename=fassung.dateiname,
        content_type=fassung.inhaltstyp,
        headers=kopfzeilen,
    )
