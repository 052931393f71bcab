"""Centres in the help desk's admin."""

from typing import TYPE_CHECKING, cast

from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from permissions.centres.flow import save_centre
from permissions.models import Centre

if TYPE_CHECKING:
    from django.forms import ModelForm

    BaseAdmin = admin.ModelAdmin[Centre]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin


@admin.register(Centre)
class CentreAdmin(BaseAdmin):
    """Find, add and correct centres. A centre's page carries the buttons that invite its Exams Officer, freeze and reactivate; accounts answers."""

    change_form_template = "admin/permissions/centre/change_form.html"
    list_display = ("number", "name", "country", "frozen_at")
    list_filter = ("country", ("frozen_at", admin.EmptyFieldListFilter))
    search_fields = ("number", "name")
    readonly_fields = ("frozen_at",)
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Centre | None = None) -> bool:  # noqa: ARG002
        """Centres are frozen, never deleted: the audit and the results of years hang on them."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Centre | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Fix the number once the centre exists: it is the centre's name in every file and key."""
        return ("frozen_at",) if obj is None else ("number", "frozen_at")

    def save_model(self, request: HttpRequest, obj: Centre, form: "ModelForm[Centre]", change: bool) -> None:  # noqa: ARG002
        """Save through the flow, which leaves the audit event."""
        save_centre(actor=_actor(request), centre=obj, changed=form.changed_data)


def _actor(request: HttpRequest) -> AbstractBaseUser:
    """Return the member of staff; the admin site lets nobody else come here."""
    return cast("AbstractBaseUser", request.user)
