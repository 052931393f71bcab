"""People in the help desk's admin: found by name, e-mail or centre number; suspended, restored, signed out, deleted (HELP-1, MAN-2)."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.acts import ACTS
from accounts.helpdesk.asking import Question, ask_why, demand
from accounts.helpdesk.find import people_like
from accounts.helpdesk.forms import GroupsForm
from accounts.helpdesk.groups import set_groups
from accounts.helpdesk.tables import FactorTable, events_of, groups_of, invites_to, messages_to, places_of, protection_of
from accounts.models import User
from accounts.people.delete import delete_by_staff
from permissions.models import Membership

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[User]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin


class PersonAdmin(BaseAdmin):
    """A list and a page to read; every deed asks on a page of its own and goes through its flow."""

    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ("full_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("first_name", "last_name", "email", "memberships__centre__number")
    search_help_text = _("Search by name, email address or centre number")
    fields = (
        "title", "first_name", "last_name", "email", "job_role", "language", "is_active", "is_staff",
        "last_login", "password_changed_at", "created_at", "staff_groups", "protection", "places", "invites", "post", "events",
    )  # fmt: skip
    readonly_fields: ClassVar = fields
    inlines = (FactorTable,)
    list_per_page = 25
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """People come to be by accepting an invite only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """Nothing is changed here but by a deed, which leaves its event (AUD)."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """People are deleted by the flow that ends all they have, not row by row."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("person/<uuid:pk>/staff-groups/", wrap(self.groups_page), name="person-groups"),
            path("person/<uuid:pk>/<slug:act>/", wrap(self.act_page), name="person-act"),
            path("place/<uuid:pk>/delete-account/", wrap(self.delete_page), name="person-delete-account"),
            *super().get_urls(),
        ]

    def act_page(self, request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
        """Suspend, restore or sign out one person."""
        if act not in ACTS:
            raise Http404
        chosen = ACTS[act]
        demand(request, chosen.right)
        person, back = get_object_or_404(User, pk=pk), reverse("admin:accounts_user_change", args=[pk])
        question = Question(title=chosen.title, whom=f"{person} ({person.email})", effects=[chosen.effect], back=back)
        return ask_why(request, self.admin_site, question, lambda actor, why: chosen.deed(actor=actor, person=person, reason=why))

    def groups_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say what a member of staff may do: superusers only, and never about themselves."""
        person = get_object_or_404(User, pk=pk, is_staff=True)
        if not request.user.is_superuser or person.pk == request.user.pk:
            raise PermissionDenied
        form = GroupsForm(
            request.POST if request.method == "POST" else None, initial={"groups": [group.name for group in person.groups.all()]}
        )
        back = reverse("admin:accounts_user_change", args=[pk])
        question = Question(
            title=_("Staff groups"), whom=f"{person} ({person.email})", effects=[_("It holds from their next request.")], back=back
        )
        return ask_why(
            request,
            self.admin_site,
            question,
            lambda actor, why: set_groups(actor=actor, person=person, groups=form.cleaned_data["groups"], reason=why),
            form,
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[User], search_term: str) -> tuple[QuerySet[User], bool]:  # noqa: ARG002
        """Find as the help desk's own page does: without accents, and by whole centre numbers."""
        return (queryset.filter(people_like(search_term)) if search_term.strip() else queryset), False

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
        return ask_why(request, self.admin_site, question, lambda actor, why: delete_by_staff(actor=actor, membership=place, reason=why))

    @admin.display(description=_("Staff groups"))
    def staff_groups(self, person: User) -> SafeString:
        """What a member of staff may do."""
        return groups_of(person)

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
