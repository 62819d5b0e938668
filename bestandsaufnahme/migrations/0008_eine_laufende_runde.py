from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the column, which is new: no row can be in the way, but the check of migrations can't know that."""

    dependencies = [("bestandsaufnahme", "0007_interessen_und_runden")]

    operations = [
        migrations.AddConstraint(
            model_name='interessenrunde',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'laeuft')), fields=('status',), name='bestandsaufnahme_interessenrunde_eine_laufende', violation_error_message='Es läuft schon eine Runde. Bitte schließen Sie diese zuerst ab.'),
        ),
    ]
