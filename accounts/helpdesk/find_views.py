"""The help desk's search page: the words are posted and come back sealed, so that no name or address stands in a URL."""

from typing import Final
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.helpdesk.asking import demand
from accounts.helpdesk.find import SHOWN, find
from accounts.helpdesk.forms import FindForm
from permissions.guards import staff
from portal.web.sealed import seal, unseal

_PURPOSE: Final = "help-desk-search"


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_page(request: HttpRequest) -> HttpResponse:
    """Show who and what matches, each a link to its page."""
    if not admin.site.has_permission(request):
        return redirect("home")
    demand(request, "accounts.view_user")
    asked = unseal(request.GET.get("find", ""), purpose=_PURPOSE)
    form = FindForm(request.POST if request.method == "POST" else None, initial={"search": asked})
    if form.is_valid():
        return redirect(f"{reverse('admin-find')}?{urlencode({'find': seal(form.cleaned_data['search'], purpose=_PURPOSE)})}")
    context = {
        **admin.site.each_context(request),
        "title": _("Find somebody"),
        "form": form,
        "asked": asked,
        "found": find(asked) if asked and request.method != "POST" else None,
        "shown": SHOWN,
    }
    return render(request, "admin/find.html", context)
