"""Key dates in the help desk's admin, kept by the flow so that each change stands in the trail."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from services.dates.flow import remove_date, set_date
from services.dates.models import KeyDate

if TYPE_CHECKING:
    from accounts.models import User

    BaseAdmin = admin.ModelAdmin[KeyDate]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin


@admin.register(KeyDate)
class KeyDateAdmin(BaseAdmin):
    """The list of dates and the form for one."""

    list_display = ("day", "title_en", "title_cy", "level")
    list_filter = ("level",)
    search_fields = ("title_en", "title_cy")
    date_hierarchy = "day"
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: KeyDate, form: Any, change: bool) -> None:  # noqa: ARG002
        """Keep it."""
        set_date(actor=cast("User", request.user), row=obj)

    def delete_model(self, request: HttpRequest, obj: KeyDate) -> None:
        """Remove it."""
        remove_date(actor=cast("User", request.user), row=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[KeyDate]) -> None:
        """Remove those that were ticked, each with its line."""
        for row in queryset:
            remove_date(actor=cast("User", request.user), row=row)
