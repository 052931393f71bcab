"""A right given to a membership."""

from functools import reduce
from operator import or_
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permissions.access import TABLE
from permissions.levels import Level, Right, Service
from permissions.models.membership import Membership
from portal import clock


class Grant(models.Model):
    """One right of one membership. It counts only within the ceiling of the role and until the end of `ends_on` (Europe/London), if set."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="grants")
    service = models.CharField(max_length=20, choices=Service.choices)
    level = models.CharField(max_length=16, choices=Level.choices)
    ends_on = models.DateField(_("End date"), null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("Permission")
        verbose_name_plural = _("Permissions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "service", "level"],
                name="grant_once",
                violation_error_message=_("This permission has already been given."),
            ),
            models.CheckConstraint(
                condition=reduce(or_, (Q(service=service, level=level) for service, level in TABLE)),
                name="grant_is_in_the_access_table",
                violation_error_message=_("There is no such permission."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}.{self.level}"

    @property
    def right(self) -> Right:
        """The right this row gives."""
        return Service(self.service), Level(self.level)
