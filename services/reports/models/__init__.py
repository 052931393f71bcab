"""What reports show, version by version."""

from services.reports.models.boundaries import NotionalBoundary, SubjectBoundary, Tier
from services.reports.models.files import FileState, ReportFile
from services.reports.models.issue import Report, ReportIssue
from services.reports.models.items import ItemMark, MarkState, PaperItem, Sex

__all__ = [
    "FileState",
    "ItemMark",
    "MarkState",
    "NotionalBoundary",
    "PaperItem",
    "Report",
    "ReportFile",
    "ReportIssue",
    "Sex",
    "SubjectBoundary",
    "Tier",
]
