from django.db import migrations

# Every Konto has its address in the table that password reset and change of address work with; here it is proven.
ADRESSEN = """
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    SELECT id, lower(email), true, true FROM kommunen_konto
    WHERE NOT EXISTS (SELECT FROM account_emailaddress WHERE user_id = kommunen_konto.id);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('kommunen', '0002_konten_und_protokoll'),
    ]

    operations = [migrations.RunSQL(ADRESSEN, migrations.RunSQL.noop)]
