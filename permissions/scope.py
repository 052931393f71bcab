"""The policy's questions as database reads: what a membership holds, who manages a centre."""

from datetime import date

from django.db.models import QuerySet

from permissions.levels import Level, Right, Service
from permissions.models import Centre, Grant, Membership
from permissions.policy import Holdings
from permissions.roles import MANAGERS
from portal import clock


def today() -> date:
    """Return the date in Europe/London, by which grants end."""
    return clock.london(clock.now()).date()


def holdings(membership: Membership) -> Holdings:
    """Read the grants of a membership, ended ones too. One query, none if the grants were prefetched."""
    return {grant.right: grant.ends_on for grant in membership.grants.all()}


def read_holdings(membership: Membership) -> Holdings:
    """Read the same without a model for each grant: every page of a signed-in person asks this. One query."""
    rows = Grant.objects.filter(membership=membership).values_list("service", "level", "ends_on")
    return {(Service(service), Level(level)): ends_on for service, level, ends_on in rows}


def managers_of(centre: Centre) -> QuerySet[Membership]:
    """Return the Exams Officer and Admins of a centre who have accepted and are not suspended, Exams Officer first, with their persons."""
    return (
        Membership.objects.filter(centre=centre, role__in=MANAGERS, user__isnull=False, user__is_active=True, suspended_at=None)
        .select_related("user")
        .order_by("-role", "seat")
    )


def given(membership: Membership) -> frozenset[Right]:
    """Read which rights a membership has been given, ended or not."""
    return frozenset(grant.right for grant in Grant.objects.filter(membership=membership))
