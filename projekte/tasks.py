from celery import shared_task


@shared_task
def bericht_erstellen(lauf_id: int) -> None:
    from ikz_portal.basis import laeufe
    from projekte.ablaeufe import bericht

    laeufe.ausfuehren(lauf_id, bericht.erstellen, nach_scheitern=bericht.gescheitert)
