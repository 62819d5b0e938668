"""The page that edits one row: whoever read an older version sees both editions and chooses field by field."""

import copy
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.generic import FormView

from ikz_portal.basis import rueckblick, unterschiede, verlauf
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.models.aenderung import AenderungQuerySet


class BearbeitenAnsicht(FormView):
    """Set `objekt`, name the templates, and return the form over the row, what saves it and what follows."""

    template_veraltet: str
    objekt: Any

    def formular(self, daten: QueryDict | None, objekt: Any) -> Any:
        """Return the form over this edition of the row; it has a `version`, and can be shown unchecked."""
        raise NotImplementedError

    def sichern(self, form: Any) -> Any:
        """Save it by an operation, which raises Veraltet where somebody was faster."""
        raise NotImplementedError

    def gesichert(self, objekt: Any) -> HttpResponse:
        raise NotImplementedError

    def seither(self, version: int) -> AenderungQuerySet:
        """Return what was changed since this version was read."""
        return rueckblick.seit(self.objekt, version)

    def get_form(self, form_class: Any = None) -> Any:
        return self._formular(self.request.POST if self.request.method == "POST" else None)

    def _formular(self, daten: QueryDict | None = None, objekt: Model | None = None) -> Any:
        return self.formular(daten, copy.copy(objekt or self.objekt))  # a copy: a checked form writes into its row

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        daten: QueryDict = request.POST
        if unterschiede.GEWAEHLT in daten:
            daten = daten.copy()
            unterschiede.zusammenfuehren(daten, self._formular(), self._formular(request.POST))
        form = self._formular(daten)
        if unterschiede.WEITER in daten:
            form.ohne_pruefung()
            return self.form_invalid(form)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            gespeichert = self.sichern(form)
        except rueckblick.Veraltet:
            return self.veraltet(form)
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        return self.gesichert(gespeichert)

    def veraltet(self, form: Any) -> HttpResponse:
        """Tell who changed what since, and let the person choose; this writes nothing."""
        self.objekt.refresh_from_db()
        seither = self.seither(form.cleaned_data["version"]).select_related("konto", "fuer")
        (gelesen,) = rueckblick.vorher(type(self.objekt), [self.objekt], seither)
        abgleich = unterschiede.Abgleich(
            version=self.objekt.version,
            vorgaenge=verlauf.vorgaenge(seither),
            unterschiede=unterschiede.unterschiede(self._formular(), form, self._formular(objekt=gelesen)),
            mitgeschickt=unterschiede.mitgeschickt(cast(QueryDict, form.data)),
        )
        kontext = {"objekt": self.objekt, "abgleich": abgleich}
        return render(self.request, self.template_veraltet, kontext, status=HTTPStatus.CONFLICT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, objekt=self.objekt)
