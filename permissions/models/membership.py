"""A place at a centre, taken by a person or held for an invited one."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permissions.models.centre import Centre
from permissions.roles import ADMIN_SEATS, Role
from portal import clock
from portal.choices import label_of


class Membership(models.Model):
    """One person's place at one centre; `user` is NULL while they are only invited. While `suspended_at` is set it does not count (MAN-5).

    The database itself keeps the numbers of INV-2, pending invites included: one Exams Officer, and Admins only on the seats 1 to 3.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, verbose_name=_("Centre"), on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("Account type"), max_length=16, choices=Role.choices)
    seat = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Written by `permissions.membership.listing`: the name as each alphabet sorts it, and what a search looks into.
    sort_en = models.CharField(max_length=200, blank=True, default="", editable=False)
    sort_cy = models.CharField(max_length=200, blank=True, default="", editable=False)
    searched = models.CharField(max_length=900, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Member")
        verbose_name_plural = _("Members")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["centre"],
                condition=Q(role=Role.EXAMS_OFFICER),
                name="membership_one_exams_officer",
                violation_error_message=_("This centre already has an Exams Officer"),
            ),
            models.UniqueConstraint(
                fields=["centre", "seat"],
                name="membership_admin_seat_taken_once",
                violation_error_message=_("All 3 Admin accounts are in use"),
            ),
            models.CheckConstraint(
                condition=Q(role=Role.ADMIN, seat__isnull=False, seat__gte=ADMIN_SEATS[0], seat__lte=ADMIN_SEATS[-1])
                | Q(role__in=[Role.EXAMS_OFFICER, Role.USER], seat__isnull=True),
                name="membership_seat_agrees_with_role",
                violation_error_message=_("Only an Admin has a seat, numbered 1 to 3."),
            ),
            models.UniqueConstraint(
                fields=["user", "centre"],
                name="membership_one_place_a_person",
                violation_error_message=_("This person already has an account at this centre."),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True, accepted_at__isnull=True) | Q(user__isnull=False, accepted_at__isnull=False),
                name="membership_accepted_with_a_person",
                violation_error_message=_("A place is accepted exactly when a person has taken it."),
            ),
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True) | Q(user__isnull=False, role__in=[Role.ADMIN, Role.USER]),
                name="membership_suspended_is_no_exams_officer",
                violation_error_message=_("Only an Admin or a User who has accepted can be suspended at a centre."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["centre", "sort_en", "id"], name="membership_by_name_en"),
            models.Index(fields=["centre", "sort_cy", "id"], name="membership_by_name_cy"),
        ]

    def __str__(self) -> str:
        who = str(self.user) if self.user is not None else f"{self.role} {self.pk}"
        return f"{who}, {self.centre.number}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]  # the plugin made one
        """Return the type of account in words."""
        return label_of(Role, self.role)

    @property
    def counts(self) -> bool:
        """Whether the place opens anything: neither it nor its centre is suspended. Reads the centre."""
        return self.suspended_at is None and self.centre.frozen_at is None
