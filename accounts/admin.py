"""People and invites in the help desk's admin: to find and to help, never to read a secret or act as somebody (HELP-1)."""

from collections.abc import Callable
from typing import ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.helpdesk import flow
from accounts.models import Factor, Invitation, User
from permissions.models import Membership


class ReadOnly(admin.TabularInline[Model, Model]):
    """A table that shows and changes nothing."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Nothing is changed here."""
        return False


class MembershipTable(ReadOnly):
    """Where the person belongs."""

    model = Membership
    fields = ("centre", "role", "seat", "accepted_at")
    readonly_fields = fields


class FactorTable(ReadOnly):
    """Which methods are set up; never a key, never a full number."""

    model = Factor
    fields = ("method", "confirmed", "added_at")
    readonly_fields = fields


@admin.register(User)
class PersonAdmin(admin.ModelAdmin[User]):
    """Find people by name, e-mail or centre number; suspend, restore, sign out."""

    list_display = ("full_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("first_name", "last_name", "email", "memberships__centre__number")
    fields = (
        "title", "first_name", "last_name", "email", "job_role", "language", "is_active", "is_staff", "groups",
        "last_login", "password_changed_at", "created_at",
    )  # fmt: skip
    readonly_fields: ClassVar = tuple(name for name in fields if name != "groups")
    inlines = (MembershipTable, FactorTable)
    actions = ("suspend_people", "restore_people", "sign_people_out")
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """People come to be by accepting an invite only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only who may hand out staff rights changes anything here: the groups of a member of staff."""
        return bool(request.user.is_superuser) and (obj is None or obj.is_staff)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """People are deleted by the flow that ends all they have, not row by row."""
        return False

    @admin.action(description=_("Suspend"), permissions=["help"])
    def suspend_people(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Suspend the chosen people."""
        self._each(request, queryset, flow.suspend)

    @admin.action(description=_("Restore"), permissions=["help"])
    def restore_people(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Restore the chosen people."""
        self._each(request, queryset, flow.restore)

    @admin.action(description=_("End all sessions"), permissions=["help"])
    def sign_people_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Sign the chosen people out."""
        self._each(request, queryset, flow.end_all_sessions)

    def has_help_permission(self, request: HttpRequest) -> bool:
        """Say whether this member of staff may do more than look."""
        return request.user.has_perm("accounts.change_user")

    def _each(self, request: HttpRequest, queryset: QuerySet[User], deed: Callable[..., bool]) -> None:
        changed = sum(deed(actor=request.user, person=person) for person in queryset)
        sentence = ngettext("%(count)s account changed.", "%(count)s accounts changed.", changed)
        self.message_user(request, sentence % {"count": changed})


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """Invites and how far they came, read only."""

    list_display = ("full_name", "email", "centre", "role", "sent_at", "expires_at", "accepted_at", "withdrawn_at")
    list_filter = ("role",)
    search_fields = ("first_name", "last_name", "email", "centre__number")
    fields: ClassVar = (
        "centre", "role", "title", "first_name", "last_name", "email", "job_role", "language", "tries_left",
        "sent_at", "expires_at", "accepted_at", "withdrawn_at",
    )  # fmt: skip
    readonly_fields = fields
    list_select_related = ("centre",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Invites are sent from a centre's page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:  # noqa: ARG002
        """Nobody edits an invite."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:  # noqa: ARG002
        """Nobody deletes one."""
        return False
