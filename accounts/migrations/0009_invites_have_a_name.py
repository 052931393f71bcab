"""What the help desk calls an invite; no column changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_rights_of_staff")]

    operations = [
        migrations.AlterModelOptions("invitation", {"verbose_name": "Invite", "verbose_name_plural": "Invites"}),
    ]
