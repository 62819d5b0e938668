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


@shared_task
def rundenerinnerungen_taeglich() -> None:
    from bestandsaufnahme.ablaeufe import rundenerinnerung

    rundenerinnerung.einreihen()


@shared_task
def an_runden_erinnern(lauf_id: int) -> None:
    from bestandsaufnahme.ablaeufe import rundenerinnerung
    from ikz_portal.basis import laeufe

    laeufe.ausfuehren(lauf_id, rundenerinnerung.ausfuehren, nach_scheitern=lambda lauf: None)


@shared_task
def interessen_taeglich() -> None:
    from bestandsaufnahme.ablaeufe import interesse_ablauf

    interesse_ablauf.einreihen()


@shared_task
def interessen_ablaufen(lauf_id: int) -> None:
    from bestandsaufnahme.ablaeufe import interesse_ablauf
    from ikz_portal.basis import laeufe

    laeufe.ausfuehren(lauf_id, interesse_ablauf.ausfuehren, nach_scheitern=lambda lauf: None)


@shared_task
def treffer_suchen(lauf_id: int) -> None:
    from bestandsaufnahme.ablaeufe import treffer
    from ikz_portal.basis import laeufe

    laeufe.ausfuehren(lauf_id, treffer.ausfuehren, nach_scheitern=lambda lauf: None)
