"""What waits for a decision of the help desk: changes of Exams Officer that the head of centre confirmed, and MFA resets (HELP-1, MFA-4)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import FactorReset, Stage, Succession
from portal import clock, limits

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of thing to decide: what, how many, and the list that shows just these."""

    label: Promise
    count: int
    address: str


def tasks_of(person: "User | AnonymousUser") -> list[Task]:
    """Return what waits and may be looked at by a member of staff; nothing for what nobody waits for. One query a kind."""
    tasks = []
    if person.has_perm("accounts.view_succession"):
        waiting = Succession.objects.filter(stage=Stage.STAFF, expires_at__gt=clock.now()).count()
        address = f"{reverse('admin:accounts_succession_changelist')}?stage__exact={Stage.STAFF.value}"
        tasks.append(Task(_("Changes of Exams Officer confirmed by the head of centre"), waiting, address))
    if person.has_perm("accounts.view_factorreset"):
        since = clock.now() - timedelta(hours=limits.FACTOR_RESET_HOURS)
        waiting = FactorReset.objects.filter(decided_at=None, asked_at__gt=since).count()
        address = f"{reverse('admin:accounts_factorreset_changelist')}?decided_at__isempty=1"
        tasks.append(Task(_("MFA resets that wait for a second member of staff"), waiting, address))
    return [task for task in tasks if task.count]
