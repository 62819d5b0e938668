from celery import shared_task


@shared_task
def meldungen_sofort(lauf_id: int) -> None:
    from ikz_portal.basis import laeufe
    from ikz_portal.startseite.ablaeufe import meldungen

    laeufe.ausfuehren(lauf_id, meldungen.sofort, nach_scheitern=lambda lauf: None)


@shared_task
def meldungen_taeglich() -> None:
    from ikz_portal.startseite.ablaeufe import meldungen

    meldungen.sammeln_einreihen()


@shared_task
def meldungen_sammeln(lauf_id: int) -> None:
    from ikz_portal.basis import laeufe
    from ikz_portal.startseite.ablaeufe import meldungen

    laeufe.ausfuehren(lauf_id, meldungen.sammeln, nach_scheitern=lambda lauf: None)
