"""Scripts in the help desk's admin: what is published, and a page to publish one. Nobody reads a script here: that is the centre's."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import demand
from portal.web.read_only_admin import ReadOnly
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.scripts.forms import ScriptForm
from services.scripts.models import Script
from services.scripts.publishing import MAY_PUBLISH, publish_script

if TYPE_CHECKING:
    from accounts.models import User

    BaseAdmin = admin.ModelAdmin[Script]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin


@admin.register(Script)
class ScriptAdmin(ReadOnly, BaseAdmin):
    """The list of scripts; publishing one has a page of its own, and nothing is changed or deleted by hand."""

    change_list_template = "admin/scripts/change_list.html"
    list_display = ("file", "series", "level", "component", "version", "current", "scan", "published_by", "published_at")
    list_filter = ("level", "current", "file__state")
    list_select_related = ("file", "series", "component", "published_by")
    list_per_page = 50
    search_fields = ("file__name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Script]:  # noqa: ARG002
        """Everything, also what waits for its release: staff publish it."""
        rows: QuerySet[Script] = Script.objects.behind_the_gate().select_related("file")
        return rows

    @admin.display(description=_("Status"))
    def scan(self, script: Script) -> str:
        """What the scanner has said."""
        return script.file.get_state_display()

    def get_urls(self) -> list[Any]:
        """Add the page that publishes."""
        from django.urls import path

        return [path("publish/", self.admin_site.admin_view(self.publish_page), name="script-publish"), *super().get_urls()]

    def publish_page(self, request: HttpRequest) -> HttpResponse:
        """Take a script in."""
        demand(request, MAY_PUBLISH)
        form = ScriptForm(request.POST, request.FILES) if request.method == "POST" else ScriptForm()
        if form.is_valid():
            given = form.cleaned_data
            numbers = {name: given[name] for name in ("series", "centre", "candidate", "component")}
            try:
                made = publish_script(
                    actor=cast("User", request.user), level=ExamLevel(given["level"]), content=given["file"].read(), **numbers
                )
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, f"{made.file.name}: {made.file.get_state_display()}")
                return redirect("admin:scripts_script_changelist")
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Publish a script")}
        return render(request, "admin/scripts/publish.html", context)
