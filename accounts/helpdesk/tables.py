"""Read-only tables on the help desk's pages: what is known of a person, never a secret (HELP-1)."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.factors.recovery.flow import codes_left
from accounts.helpdesk.groups import StaffGroup
from accounts.invites.queries import standings
from accounts.models import Factor, FactorReset, Invitation, User
from permissions.models import Membership
from portal import clock
from portal.audit.kinds import sentence_of
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.outbox.render import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    Table = admin.TabularInline[Model, Model]
else:  # Django's class takes no type at run time
    Table = admin.TabularInline

_LATEST = 20


class ReadOnly(Table):
    """A table that shows and changes nothing."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Add nothing here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Change nothing here."""
        return False


class FactorTable(ReadOnly):
    """Which methods are set up; never a key, never a number."""

    model = Factor
    fields = ("method", "confirmed", "added_at")
    readonly_fields = fields


def protection_of(person: User) -> SafeString:
    """Say how many recovery codes are left, whether the 24-hour hold lasts (with the way to end it), and whether the owner froze the account."""
    lines = [format_html("{} {}", _("Recovery codes left:"), codes_left(person))]
    if person.held_until is not None and clock.now() < person.held_until:
        end = reverse("admin:person-act", args=[person.pk, "end-hold"])
        words = (_("24-hour hold until:"), _moment(person.held_until), end, _("End the 24-hour hold"))
        lines.append(format_html('{} {} (<a href="{}">{}</a>)', *words))
    if person.frozen_at is not None:
        lines.append(format_html("{} {}", _("Frozen by its owner:"), _moment(person.frozen_at)))
    asked = FactorReset.objects.filter(user=person, decided_at=None).first()
    if asked is not None:
        page = reverse("admin:accounts_factorreset_change", args=[asked.pk])
        lines.append(format_html('<a href="{}">{}</a> {}', page, _("MFA reset asked for:"), _moment(asked.asked_at)))
    return _lines(lines)


def groups_of(person: User) -> SafeString:
    """List the groups of a member of staff."""
    if person.is_superuser:
        return format_html("{}", _("Every right"))
    names = person.groups.order_by("name").values_list("name", flat=True)
    return _lines(format_html("{}", StaffGroup(name).label) for name in names if name in StaffGroup.values)


def places_of(person: User) -> SafeString:
    """List the person's centres, each with the way to delete the account there."""
    places = Membership.objects.filter(user=person).select_related("centre").order_by("centre__number")
    return _lines(
        format_html(
            '{}: {}{} (<a href="{}">{}</a>)',
            place.centre,
            place.get_role_display(),
            "" if place.suspended_at is None else f", {_('Suspended by the Exams Officer')}",
            reverse("admin:person-delete-account", args=[place.pk]),
            _("Delete User"),
        )
        for place in places
    )


def invites_to(email: str) -> SafeString:
    """List the invites to an address with where each stands."""
    rows = list(Invitation.objects.filter(email=email).select_related("centre").order_by("-sent_at")[:_LATEST])
    known = standings(rows)
    return _lines(
        format_html(
            '<a href="{}">{}</a>: {}, {}',
            reverse("admin:accounts_invitation_change", args=[row.pk]),
            row.centre,
            known[row.pk].state.label,
            _moment(row.sent_at),
        )
        for row in rows
    )


def messages_to(email: str) -> SafeString:
    """List the latest messages to an address: subject, state, when. Their words and secrets stay closed."""
    rows = Message.objects.filter(recipient=email).defer("secret").order_by("-created_at")[:_LATEST]
    return _lines(
        format_html("{} {}: {} {}", _moment(row.created_at), subject_of(row, get_language() or "en"), row.get_state_display(), row.reason)
        for row in rows
    )


def letters_about(about: str) -> SafeString:
    """List the messages that belong to a case or an invite: to whom, state, and why not. Their words and secrets stay closed."""
    rows = Message.objects.filter(about=about).defer("secret").order_by("-created_at")[:_LATEST]
    return _lines(
        format_html(
            "{} {} {}: {} {}",
            _moment(row.created_at),
            subject_of(row, get_language() or "en"),
            row.recipient,
            row.get_state_display(),
            row.reason,
        )
        for row in rows
    )


def events_of(key: str) -> SafeString:
    """List the latest audit events that a person caused or met."""
    rows = AuditEvent.objects.filter(Q(actor_id=key) | Q(subject_id=key))[:_LATEST]
    return _lines(format_html("{} {}: {}, {}", _moment(row.at), sentence_of(row.number), row.actor_name, row.subject_name) for row in rows)


def _lines(lines: "Iterable[SafeString]") -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines)) or format_html("{}", _("None"))


def _moment(instant: "datetime") -> str:
    return formats.date_format(clock.london(instant), "DATETIME_FORMAT")
