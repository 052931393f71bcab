"""An Exams Officer can suspend a person at their own centre (MAN-5): the place stays, with all its rights, and does not count."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("permissions", "0005_rights_of_staff")]

    operations = [
        migrations.AddField("membership", "suspended_at", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True) | Q(user__isnull=False, role__in=["admin", "user"]),
                name="membership_suspended_is_no_exams_officer",
                violation_error_message="Only an Admin or a User who has accepted can be suspended at a centre.",
            ),
        ),
    ]
