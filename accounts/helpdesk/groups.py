"""What staff may do, by group: the least each part of the help desk needs (HELP-1, A133). The table below is the truth; migrating writes it down."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.events import Event
from accounts.models import User
from portal.audit.record import record


class StaffGroup(models.TextChoices):
    """The groups; the value is the name in Django's table, the label what people read."""

    HELPER = "helper", _("Helper: finds people, invites Exams Officers, asks for MFA resets, ends sessions")
    APPROVER = "approver", _("Approver: decides about MFA resets and changes of Exams Officer, suspends, freezes, deletes")
    RELEASE_MANAGER = "release-manager", _("Release manager: looks after centres, basedata and release times, publishes results and files")
    AUDITOR = "auditor", _("Auditor: reads everything, changes nothing")


_LOOKS: Final = (
    "accounts.view_user", "accounts.view_factor", "accounts.view_invitation", "accounts.view_factorreset", "accounts.view_succession",
    "permissions.view_centre", "outbox.view_message", "webhooks.view_providerevent",
)  # fmt: skip
_RELEASES: Final = ("releases.view_release", "releases.view_releasechange")  # of the services' floor, which writes them once more (A120)
_FILES: Final = ("files.view_publishedfile",)
_NOUNS: Final = ("series", "serieslevel", "subject", "qualification", "option", "component", "optioncomponent")
_ENTRIES: Final = ("exams.view_entry",)
_PUBLISHING: Final = ("publishing.view_resultsimport", "reports.view_reportfile")
_PAPERS: Final = ("scripts.view_script", "resources.view_resource", "dates.view_keydate")
RIGHTS: Final[dict[StaffGroup, tuple[str, ...]]] = {
    StaffGroup.HELPER: (*_LOOKS, "accounts.add_invitation", "accounts.add_factorreset", "accounts.end_sessions_user"),
    StaffGroup.APPROVER: (
        *_LOOKS, "audit.view_auditevent", "accounts.change_factorreset", "accounts.change_succession", "accounts.suspend_user",
        "accounts.end_sessions_user", "accounts.end_hold_user", "accounts.delete_user", "permissions.freeze_centre", "outbox.change_message",
    ),
    StaffGroup.RELEASE_MANAGER: (
        "permissions.view_centre", "permissions.add_centre", "permissions.change_centre", *_RELEASES,
        "releases.add_releasechange", "releases.change_releasechange", *_FILES, "files.add_publishedfile",
        *_PAPERS, "scripts.add_script", "resources.add_resource", "resources.change_resource",
        "dates.add_keydate", "dates.change_keydate", "dates.delete_keydate",
        *(f"exams.{deed}_{noun}" for noun in _NOUNS for deed in ("view", "add", "change")), *_ENTRIES, "exams.add_entry",
        *_PUBLISHING, "publishing.add_resultsimport", "publishing.change_resultsimport",
        "reports.add_reportfile", "reports.change_reportfile",
    ),
    StaffGroup.AUDITOR: (
        *_LOOKS, *_RELEASES, *_FILES, *_PAPERS, *_PUBLISHING, *(f"exams.view_{noun}" for noun in _NOUNS), *_ENTRIES, "audit.view_auditevent",
    ),
}  # fmt: skip


def make_groups(**_signal: Any) -> None:
    """Write the table into the database, after each migration. What somebody changed there by hand is put right."""
    known = {f"{row.content_type.app_label}.{row.codename}": row for row in Permission.objects.select_related("content_type")}
    for group, rights in RIGHTS.items():
        row, _made = Group.objects.get_or_create(name=group.value)
        row.permissions.set([known[right] for right in rights if right in known])


@transaction.atomic
def set_groups(*, actor: User, person: User, groups: Iterable[str], reason: str) -> bool:
    """Put a member of staff into these groups and no others: by a superuser, and never oneself (A81). Returns whether anything changed.

    Raises `PermissionDenied`.
    """
    held = {row.pk: row for row in User.objects.select_for_update(no_key=True).filter(pk__in=(actor.pk, person.pk)).order_by("pk")}
    doer, whom = held.get(actor.pk), held.get(person.pk)
    if doer is None or whom is None or doer == whom or not whom.is_staff or not (doer.is_active and doer.is_superuser):
        raise PermissionDenied
    before = set(whom.groups.values_list("name", flat=True))
    after = {StaffGroup(group).value for group in groups}
    if before == after:
        return False
    whom.groups.set(Group.objects.filter(name__in=after))
    record(Event.STAFF_GROUPS_CHANGED, actor=actor, subject=person, before=sorted(before), after=sorted(after), reason=reason)
    return True
