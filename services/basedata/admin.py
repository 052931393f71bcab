"""Series, qualifications, options, components and entries in the help desk's admin: by hand, each change in the trail, or many at once from a file."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import demand
from portal.audit.record import record
from portal.web.read_only_admin import ReadOnly
from portal.web.refusal import Refusal
from services.basedata import components, entries, entry_lines
from services.basedata.components import load_components
from services.basedata.entries import load_entries
from services.basedata.events import Event
from services.basedata.flow import MAY_LOAD, load_options
from services.basedata.forms import ComponentsForm, EntriesForm, OptionsForm
from services.basedata.loading import WrongLines
from services.basedata.pages import LoadedFromFile
from services.basedata.reading import COLUMNS
from services.basedata.waiting import FileGone
from services.exams.models import Component, Entry, Option, OptionComponent, Qualification, Series, SeriesLevel, Subject
from services.formats.csvs.writing import lines_of

if TYPE_CHECKING:
    from accounts.models import User

    BaseAdmin = admin.ModelAdmin[Model]
    Table = admin.TabularInline[SeriesLevel, Series]
    Links = admin.TabularInline[OptionComponent, Component]
else:  # Django's class takes no type at run time
    BaseAdmin, Table, Links = admin.ModelAdmin, admin.TabularInline, admin.TabularInline

_MOST_ERRORS = 200


class Recorded(BaseAdmin):
    """A list whose changes by hand leave a line in the trail, and from which nothing is deleted: results rest on it."""

    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Nothing is taken away."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Record what was changed, rows of tables included, in Django's own transaction of the page."""
        super().save_related(request, form, formsets, change)
        fields = sorted({*form.changed_data, *(name for formset in formsets for one in formset.forms for name in one.changed_data)})
        record(Event.BASEDATA_CHANGED, actor=cast("User", request.user), subject=form.instance, added=not change, fields=fields)


class LevelTable(Table):
    """The levels of a series, with what EDI files call each."""

    model = SeriesLevel
    extra = 0
    can_delete = False


@admin.register(Series)
class SeriesAdmin(Recorded):
    """Exam series."""

    list_display = ("__str__", "year", "month")
    inlines = (LevelTable,)


@admin.register(Subject)
class SubjectAdmin(Recorded):
    """Subjects."""

    list_display = ("title_en", "title_cy", "slug")
    search_fields = ("title_en", "title_cy", "slug")


@admin.register(Qualification)
class QualificationAdmin(Recorded):
    """Qualifications; kind and level stay what they were, since issued results repeat them."""

    list_display = ("code", "title_en", "title_cy", "kind", "level")
    list_filter = ("kind", "level")
    search_fields = ("code", "title_en", "title_cy", "qan")
    list_select_related = ("subject",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Close what results rest on once there is a row."""
        return ("code", "kind", "level") if obj else ()


@admin.register(Option)
class OptionAdmin(Recorded):
    """Options, and the page that loads many."""

    list_display = ("code", "title_en", "title_cy", "item", "ums_max", "qualification")
    list_filter = ("item", "qualification__level")
    search_fields = ("code", "title_en", "title_cy")
    list_select_related = ("qualification",)
    change_list_template = "admin/basedata/options.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Close what results rest on once there is a row."""
        return ("code", "qualification") if obj else ()

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the file."""
        wrap = self.admin_site.admin_view
        return [
            path("load/", wrap(self.load_view), name="options-load"),
            path("load/template/", wrap(self.template_view), name="options-template"),
            *super().get_urls(),
        ]

    def template_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """Offer the first line of a file."""
        demand(request, MAY_LOAD)
        answer = StreamingHttpResponse(lines_of(COLUMNS, []), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="portal-options.csv"'
        return answer

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Load a file, all or nothing."""
        demand(request, MAY_LOAD)
        form = OptionsForm(request.POST, request.FILES) if request.method == "POST" else OptionsForm()
        errors = []
        if form.is_valid():
            try:
                done = load_options(actor=cast("User", request.user), content=form.cleaned_data["file"])
            except Refusal as refusal:
                errors = refusal.errors if isinstance(refusal, WrongLines) else []
                form.refuse(refusal)
            else:
                counts = {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
                messages.success(request, _("Options added: %(added)s; changed: %(changed)s; as they were: %(unchanged)s") % counts)
                return redirect("admin:exams_option_changelist")
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "title": _("Load options from a file"),
            "errors": errors[:_MOST_ERRORS],
        }
        return render(request, "admin/basedata/load.html", context)


class OptionsTable(Links):
    """The options that a component belongs to: reports find it by their level."""

    model = OptionComponent
    raw_id_fields = ("option",)
    extra = 1
    can_delete = False


@admin.register(Component)
class ComponentAdmin(LoadedFromFile, Recorded):
    """Components, which notional boundaries, items and scripts belong to, and the page that loads many."""

    kind, columns, may_load, load, form_class = "components", components.COLUMNS, components.MAY_LOAD, load_components, ComponentsForm
    load_title = _("Load components from a file")
    load_help = _(
        "New components are added and titles that read otherwise are changed, all or nothing. Nothing is taken away, and no maximum mark is changed."
    )
    labels: ClassVar = {"added": _("Components added"), "changed": _("Components changed"), "unchanged": _("Components as they were")}
    list_display = ("code", "title_en", "title_cy", "maximum", "is_internal")
    search_fields = ("code", "title_en", "title_cy")
    inlines = (OptionsTable,)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Close what reports rest on once there is a row."""
        return ("code", "maximum") if obj else ()


@admin.register(Entry)
class EntryAdmin(LoadedFromFile, ReadOnly, BaseAdmin):
    """What candidates are entered for, by their numbers, and the page that loads many."""

    kind, columns, may_load, load, form_class = "entries", entry_lines.COLUMNS, entries.MAY_LOAD, load_entries, EntriesForm
    load_title = _("Load candidates and entries from a file")
    load_help = _(
        "New candidates and entries are added and names that read otherwise are changed, all or nothing. Nothing is taken away: an entry that is "
        "withdrawn stands in the file as withdrawn."
    )
    labels: ClassVar = {
        "added": _("Entries added"), "changed": _("Entries withdrawn or taken up again"), "unchanged": _("Entries as they were"),
        "people_added": _("Candidates added"), "people_changed": _("Candidates changed"),
    }  # fmt: skip
    list_display = ("centre", "number", "option", "series", "made_at", "withdrawn_at")
    list_filter = ("candidate__series", "option__qualification__level")
    list_select_related = ("candidate__centre", "candidate__series", "option")
    search_fields = ("=candidate__centre__number",)
    search_help_text = _("Search by centre number")
    show_full_result_count = False
    list_per_page = 50

    def given_of(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the series."""
        return {"series": cleaned["series"].pk}

    def arguments(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the series. Raises `FileGone` when it is not there any more."""
        series = Series.objects.filter(pk=given["series"]).first()
        if series is None:
            raise FileGone
        return {"series": series}

    @admin.display(description=_("Centre number"))
    def centre(self, entry: Entry) -> str:
        """Whose candidate it is."""
        return entry.candidate.centre.number

    @admin.display(description=_("Candidate number"))
    def number(self, entry: Entry) -> str:
        """Which candidate: the number, not the name."""
        return entry.candidate.number

    @admin.display(description=_("Exam series"))
    def series(self, entry: Entry) -> str:
        """In which series."""
        return str(entry.candidate.series)
