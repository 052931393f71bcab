"""What every page of the help desk's lists keeps to, whoever registers it.

Filters that are offered, no fault from a forged address, and no word that was searched for in an address.
"""

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal import limits
from portal.web.sealed import seal, unseal

if TYPE_CHECKING:
    from django.db.models import Model

    BaseAdmin = admin.ModelAdmin[Model]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin

_BY_FILTER: Final = ("", "__exact", "__isnull", "__isempty", "__id__exact", "__gte", "__lt")
_BY_DATE: Final = ("__year", "__month", "__day")
_PURPOSE: Final = "admin-search"


class SealedSearchForm(ChangeListSearchForm):
    """Reads the words that were searched for out of the address, where only their seal stands (contract.md, Paths)."""

    def clean_q(self) -> str:
        """Return the words; text in the clear is nobody's search of ours and asks nothing."""
        return unseal(self.cleaned_data[SEARCH_VAR], purpose=_PURPOSE)


class SealedChangeList(ChangeList):
    """Django's list: its links to pages, orders and filters carry the sealed words on, only the search itself sees them."""

    search_form_class = SealedSearchForm


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

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:  # noqa: ARG002
        """Use our list, which reads sealed searches."""
        return SealedChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list. A search is posted and comes back by GET, sealed, with the filters and the order there were; from the first page.

        Values that Django's own page cannot read (the year 99999, an id that is none) are a bad request.
        """
        if request.method == "POST" and SEARCH_VAR in request.POST:
            asked = request.GET.copy()
            for name in (SEARCH_VAR, PAGE_VAR):
                asked.pop(name, None)
            words = request.POST[SEARCH_VAR].strip()[: limits.HELP1_SEARCH_LONGEST]
            if words:
                asked[SEARCH_VAR] = seal(words, purpose=_PURPOSE)
            return redirect(f"{request.path}?{asked.urlencode()}" if asked else request.path)
        try:
            return super().changelist_view(request, extra_context)
        except (OverflowError, ValidationError, ValueError, DataError) as error:
            if not request.GET and request.method != "POST":
                raise
            raise BadRequest("not a filter or a choice of this list") from error


def guarded(kind: type[Any]) -> type[Any]:
    """Return an admin class with our guard before it."""
    return kind if issubclass(kind, GuardedAdmin) else type(kind.__name__, (GuardedAdmin, kind), {"__module__": kind.__module__})
