"""Centres, the places of their people with the numbers of INV-2 as constraints, and what each place may open."""

import django.core.validators
import django.db.models.deletion
import portal.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Centre",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        error_messages={"unique": "A centre with this number already exists."},
                        max_length=5,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("\\A[0-9]{5}\\Z", "A centre number has 5 digits.")
                        ],
                        verbose_name="Centre number",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="Centre name")),
                (
                    "country",
                    models.CharField(
                        choices=[
                            ("wales", "Wales"),
                            ("england", "England"),
                            ("northern_ireland", "Northern Ireland"),
                            ("elsewhere", "Elsewhere"),
                        ],
                        default="wales",
                        max_length=16,
                        verbose_name="Country",
                    ),
                ),
                ("frozen_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Frozen")),
            ],
            options={
                "verbose_name": "Centre",
                "verbose_name_plural": "Centres",
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "\\A[0-9]{5}\\Z")),
                        name="centre_number_has_five_digits",
                        violation_error_message="A centre number has 5 digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__in", ["wales", "england", "northern_ireland", "elsewhere"])),
                        name="centre_country_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[("exams_officer", "Exams Officer"), ("admin", "Admin"), ("user", "User")],
                        max_length=16,
                        verbose_name="Account type",
                    ),
                ),
                ("seat", models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(default=portal.clock.now, editable=False)),
                ("accepted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="permissions.centre",
                        verbose_name="Centre",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Member",
                "verbose_name_plural": "Members",
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("a2c_keys", "A2C Access Keys"),
                            ("iamis", "IAMIS (All Subjects)"),
                            ("access_arrangements", "Access Arrangements"),
                            ("entries", "Entries"),
                            ("results", "Results"),
                            ("view_scripts", "View Scripts"),
                            ("resources", "Past Papers, Marking Schemes and Resources"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("view", "View"),
                            ("view_released", "View 8am on results day"),
                            ("view_embargoed", "View Results under embargo"),
                            ("enter_marks", "Input marks"),
                            ("make", "Make Entries"),
                            ("manage", "Manage"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="End date")),
                ("given_at", models.DateTimeField(default=portal.clock.now, editable=False)),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="permissions.membership"
                    ),
                ),
            ],
            options={
                "verbose_name": "Permission",
                "verbose_name_plural": "Permissions",
            },
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "exams_officer")),
                fields=("centre",),
                name="membership_one_exams_officer",
                violation_error_message="This centre already has an Exams Officer",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("centre", "seat"),
                name="membership_admin_seat_taken_once",
                violation_error_message="All 3 Admin accounts are in use",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "admin"), ("seat__gte", 1), ("seat__isnull", False), ("seat__lte", 3)),
                    models.Q(("role__in", ["exams_officer", "user"]), ("seat__isnull", True)),
                    _connector="OR",
                ),
                name="membership_seat_agrees_with_role",
                violation_error_message="Only an Admin has a seat, numbered 1 to 3.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "centre"),
                name="membership_one_place_a_person",
                violation_error_message="This person already has an account at this centre.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("user__isnull", True)),
                    models.Q(("accepted_at__isnull", False), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="membership_accepted_with_a_person",
                violation_error_message="A place is accepted exactly when a person has taken it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=("membership", "service", "level"),
                name="grant_once",
                violation_error_message="This permission has already been given.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "manage"), ("service", "a2c_keys")),
                    models.Q(("level", "enter_marks"), ("service", "iamis")),
                    models.Q(("level", "manage"), ("service", "access_arrangements")),
                    models.Q(("level", "view"), ("service", "entries")),
                    models.Q(("level", "make"), ("service", "entries")),
                    models.Q(("level", "view_released"), ("service", "results")),
                    models.Q(("level", "view_embargoed"), ("service", "results")),
                    models.Q(("level", "view"), ("service", "view_scripts")),
                    models.Q(("level", "view"), ("service", "resources")),
                    _connector="OR",
                ),
                name="grant_is_in_the_access_table",
                violation_error_message="There is no such permission.",
            ),
        ),
    ]
