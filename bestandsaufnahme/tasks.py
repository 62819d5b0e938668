from celery import shared_task


@shared_task
def erinnerungen_taeglich() -> None:
    from bestandsaufnahme.ablaeufe import erinnerung

    erinnerung.einreihen()


@shared_task
def erinnern(lauf_id: int) -> None:
    from bestandsaufnahme.ablaeufe import erinnerung
    from ikz_portal.basis import laeufe

    laeufe.ausfuehren(lauf_id, erinnerung.ausfuehren, nach_scheitern=lambda lauf: None)
