"""What was a flag or a single day is a dated row now: who published and confirmed what when.

Before the first release: nothing serves yet that would still read these columns.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bestandsaufnahme", "0003_erhebungsrunden")]

    operations = [
        migrations.RunSQL(
            """
            INSERT INTO bestandsaufnahme_bestaetigung (kooperation_id, am, erhebung_id)
            SELECT k.id, k.zuletzt_bestaetigt_am, e.id FROM bestandsaufnahme_kooperation k
            LEFT JOIN bestandsaufnahme_erhebung e ON e.stichtag = k.zuletzt_bestaetigt_am
            WHERE k.zuletzt_bestaetigt_am IS NOT NULL;
            INSERT INTO bestandsaufnahme_veroeffentlichung
                (erhebung_id, art, status, veroeffentlicht_am, oeffentlich_ab, grund, version)
            SELECT id, 'mit_namen', 'veroeffentlicht', stichtag, stichtag, '', 1
            FROM bestandsaufnahme_erhebung WHERE veroeffentlicht;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField("erhebung", "veroeffentlicht"),
        migrations.RemoveField("kooperation", "zuletzt_bestaetigt_am"),
    ]
