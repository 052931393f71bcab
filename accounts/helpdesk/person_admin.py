"""People in the help desk's admin: found by name, e-mail or centre number; suspended, restored, signed out, deleted (HELP-1, MAN-2)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.helpdesk import flow
from accounts.helpdesk.asking import Question, ask, demand
from accounts.helpdesk.tables import FactorTable, events_of, invites_to, messages_to, places_of, protection_of
from accounts.models import User
from accounts.people.delete import delete_by_staff
from permissions.models import Membership

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[User]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin

_ACTS: dict[str, tuple[Callable[..., bool], tuple[object, ...]]] = {
    "suspend": (flow.suspend, (_("Suspend"), _("They are signed out at once and cannot sign in until they are restored."))),
    "restore": (flow.restore, (_("Restore"), _("They can sign in again with their own password and MFA method."))),
    "end-hold": (
        flow.end_hold,
        (_("End the 24-hour hold"), _("Embargoed results, A2C keys and Manage Users open again at once. Call back first, as for a reset.")),
    ),
    "sign-out": (flow.end_all_sessions, (_("End all sessions"), _("They are signed out everywhere and can sign in again."))),
}


class PersonAdmin(BaseAdmin):
    """A list and a page to read; every deed asks on a page of its own and goes through its flow."""

    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ("full_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("first_name", "last_name", "email", "memberships__centre__number")
    search_help_text = _("Search by name, email address or centre number")
    fields = (
        "title", "first_name", "last_name", "email", "job_role", "language", "is_active", "is_staff",
        "last_login", "password_changed_at", "created_at", "protection", "places", "invites", "post", "events",
    )  # fmt: skip
    readonly_fields: ClassVar = fields
    inlines = (FactorTable,)
    actions = ("suspend_people", "restore_people", "sign_people_out")
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """People come to be by accepting an invite only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """Nothing is changed here but by a deed, which leaves its event (AUD)."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """People are deleted by the flow that ends all they have, not row by row."""
        return False

    def has_help_permission(self, request: HttpRequest) -> bool:
        """Say whether this member of staff may do more than look."""
        return request.user.has_perm("accounts.change_user")

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("person/<uuid:pk>/<slug:act>/", wrap(self.act_page), name="person-act"),
            path("place/<uuid:pk>/delete-account/", wrap(self.delete_page), name="person-delete-account"),
            *super().get_urls(),
        ]

    def act_page(self, request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
        """Suspend, restore or sign out one person."""
        demand(request, "accounts.change_user")
        person, back = get_object_or_404(User, pk=pk), reverse("admin:accounts_user_change", args=[pk])
        if act not in _ACTS:
            raise Http404
        deed, (title, effect) = _ACTS[act]
        question = Question(title=str(title), whom=f"{person} ({person.email})", effects=[str(effect)], back=back)
        return ask(request, self.admin_site, question, lambda actor: deed(actor=actor, person=person))

    def delete_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Delete somebody's account at one centre, an Exams Officer's too."""
        demand(request, "accounts.delete_user")
        place = get_object_or_404(Membership.objects.select_related("user", "centre").filter(user__isnull=False), pk=pk)
        question = Question(
            title=_("Delete User"),
            whom=f"{place.user}, {place.centre}, {place.get_role_display()}",
            effects=[
                _("They are signed out at once and can no longer open anything at this centre."),
                _("Their access, codes and, if this is their only centre, their password and MFA methods are deleted."),
                _("We tell them by email. The same address can be invited again and starts clean."),
            ],
            back=reverse("admin:accounts_user_changelist"),
        )
        return ask(request, self.admin_site, question, lambda actor: delete_by_staff(actor=actor, membership=place))

    @admin.display(description=_("Security"))
    def protection(self, person: User) -> SafeString:
        """What stands between the account and a thief."""
        return protection_of(person)

    @admin.display(description=_("Members"))
    def places(self, person: User) -> SafeString:
        """Where the person belongs."""
        return places_of(person)

    @admin.display(description=_("Invites"))
    def invites(self, person: User) -> SafeString:
        """Which invites the address had."""
        return invites_to(person.email)

    @admin.display(description=_("Messages"))
    def post(self, person: User) -> SafeString:
        """Which messages were sent."""
        return messages_to(person.email)

    @admin.display(description=_("Recent activity"))
    def events(self, person: User) -> SafeString:
        """What happened lately."""
        return events_of(str(person.pk))

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

    def _each(self, request: HttpRequest, queryset: QuerySet[User], deed: Callable[..., bool]) -> None:
        changed = sum(deed(actor=request.user, person=person) for person in queryset)
        sentence = ngettext("%(count)s account changed.", "%(count)s accounts changed.", changed)
        self.message_user(request, sentence % {"count": changed})
