from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

# Sort key after DIN 5007-1. An own function, because the servers differ in the collations they offer; the upper-case
# umlauts are replaced before lower(), which leaves them alone where the locale knows ASCII only.
DIN5007 = """
CREATE OR REPLACE FUNCTION din5007(wert text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT replace(lower(translate(wert, 'ÄÖÜäöüÀÁÂàáâÈÉÊèéêÇç', 'AOUaouAAAaaaEEEeeeCc')), 'ß', 'ss')
$$;
"""


class Migration(migrations.Migration):
    """What the tables of every app stand on: spans that never overlap, and the German sort order."""

    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(DIN5007, "DROP FUNCTION din5007(text)"),
    ]
