"""Many invites from one file (INV-6)."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.clock
import portal.crypto


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_places_listed_by_name")]

    operations = [
        migrations.CreateModel(
            name="InviteBatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("people", portal.crypto.EncryptedTextField(blank=True, default="", purpose="invite-batch")),
                ("created_at", models.DateTimeField(default=portal.clock.now, editable=False)),
                ("expires_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invite_batches", to="permissions.centre"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("people", ""), _connector="OR"),
                        name="invite_batch_wiped_when_sent",
                    )
                ]
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="batch",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitations",
                to="accounts.invitebatch",
            ),
        ),
    ]
