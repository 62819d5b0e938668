from celery import shared_task


@shared_task
def fristen_taeglich() -> None:
    from ikz_portal.betrieb import fristen

    fristen.einreihen()


@shared_task
def fristen_anwenden(lauf_id: int) -> None:
    from ikz_portal.basis import laeufe
    from ikz_portal.betrieb import fristen

    laeufe.ausfuehren(lauf_id, fristen.ausfuehren, nach_scheitern=lambda lauf: None)
