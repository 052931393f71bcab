"""What every page of the help desk's lists keeps to, whoever registers it: filters that are offered, and no fault from a forged address."""

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from django.db.models import Model

    BaseAdmin = admin.ModelAdmin[Model]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin

_BY_FILTER: Final = ("", "__exact", "__isnull", "__isempty", "__id__exact", "__gte", "__lt")
_BY_DATE: Final = ("__year", "__month", "__day")


class GuardedAdmin(BaseAdmin):
    """Stands in front of each class that is registered (`PortalAdminSite.register`)."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:  # noqa: ARG002
        """Allow what the page's own filters ask and nothing else (A108): `?password__startswith=` would spell a hash out, letter by letter."""
        known = {f"{self.date_hierarchy}{suffix}" for suffix in _BY_DATE} if self.date_hierarchy else set()
        for entry in self.get_list_filter(request):
            if isinstance(entry, str | tuple):
                field = entry if isinstance(entry, str) else entry[0]
                known |= {f"{field}{suffix}" for suffix in _BY_FILTER}
            else:
                known.add(str(getattr(entry, "parameter_name", "")))
        return lookup in known

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list; values that Django's own page cannot read (the year 99999, an id that is none) are a bad request."""
        try:
            return super().changelist_view(request, extra_context)
        except (OverflowError, ValidationError, ValueError, DataError) as error:
            if not request.GET and request.method != "POST":
                raise
            raise BadRequest("not a filter or a choice of this list") from error


def guarded(kind: type[Any]) -> type[Any]:
    """Return an admin class with our guard before it."""
    return kind if issubclass(kind, GuardedAdmin) else type(kind.__name__, (GuardedAdmin, kind), {"__module__": kind.__module__})
