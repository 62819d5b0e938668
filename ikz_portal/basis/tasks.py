from celery import shared_task


@shared_task
def laeufe_kehren() -> int:
    from ikz_portal.basis import laeufe

    return laeufe.kehren()


@shared_task
def post_senden(lauf_id: int) -> None:
    from ikz_portal.basis import laeufe, post

    laeufe.ausfuehren(lauf_id, post.senden, nach_scheitern=post.gescheitert)
