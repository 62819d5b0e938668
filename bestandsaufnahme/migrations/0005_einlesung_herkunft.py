from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bestandsaufnahme", "0004_tage_statt_merker")]

    operations = [
        migrations.AddField(
            model_name="einlesung",
            name="herkunft",
            field=models.CharField(
                choices=[
                    ("erhebung", "laut Erhebung"),
                    ("fussnote", "laut Fußnote"),
                    ("beschluss", "laut Beschluss"),
                ],
                db_default="fussnote",
                default="fussnote",
                help_text="wo die Datei selbst nichts dazu sagt",
                max_length=12,
                verbose_name="bekannt durch",
            ),
        ),
        migrations.AddConstraint(
            model_name="einlesung",
            constraint=models.CheckConstraint(
                condition=models.Q(("herkunft__in", ["erhebung", "fussnote", "beschluss"])),
                name="bestandsaufnahme_einlesung_herkunft_gueltig",
                violation_error_message="Bitte wählen Sie einen der vorgesehenen Werte.",
            ),
        ),
    ]
