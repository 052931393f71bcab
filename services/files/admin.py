"""Kept files in the help desk's admin: what came, whether the scanner has looked, and a page to add one. Nothing is served from here."""

from typing import TYPE_CHECKING, ClassVar, cast

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import demand
from services.files.forms import FileForm
from services.files.keeping import keep_file
from services.files.models import FileKind, FileState, PublishedFile

if TYPE_CHECKING:
    from accounts.models import User

    BaseAdmin = admin.ModelAdmin[PublishedFile]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin


@admin.register(PublishedFile)
class PublishedFileAdmin(BaseAdmin):
    """The list of files; adding one has a page of its own, and nothing is changed or deleted by hand."""

    list_display = ("name", "kind", "size", "standing", "said", "kept_by", "kept_at")
    list_filter = ("kind", "state")
    search_fields = ("name",)
    search_help_text = _("Search by name")
    fields = ("name", "kind", "size", "digest", "standing", "said", "kept_by", "kept_at", "scanned_at")
    readonly_fields: ClassVar = fields
    list_select_related = ("kept_by",)
    list_per_page = 50

    def has_change_permission(self, request: HttpRequest, obj: PublishedFile | None = None) -> bool:  # noqa: ARG002
        """Nobody edits a file or what the scanner said of it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PublishedFile | None = None) -> bool:  # noqa: ARG002
        """Nobody deletes one by hand."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, object] | None = None) -> HttpResponse:  # noqa: ARG002
        """Take a file in."""
        demand(request, "files.add_publishedfile")
        form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
        if form.is_valid():
            given = form.cleaned_data["file"]
            kept = keep_file(
                actor=cast("User", request.user), kind=FileKind(form.cleaned_data["kind"]), name=given.name or "", content=given.read()
            )
            messages.success(request, f"{kept.name}: {self.standing(kept)}")
            return redirect("admin:files_publishedfile_changelist")
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Add a file"), "scanner": bool(settings.SCANNER_URL)}
        return render(request, "admin/files/add.html", context)

    @admin.display(description=_("Status"), ordering="state")
    def standing(self, file: PublishedFile) -> Promise | str:
        """Where a file stands, with what staff can do about it."""
        if file.state != FileState.QUARANTINED:
            return file.get_state_display()
        if not settings.SCANNER_URL:
            return _("In quarantine: no scanner is set up (SCANNER_URL), so nobody is served this file")
        if file.tries:
            return _("In quarantine: the scanner has given no answer yet, we go on asking")
        return _("In quarantine until the scanner has looked, within a minute or two")
