"""What reports show, version by version."""

from services.reports.models.boundaries import NotionalBoundary, SubjectBoundary, Tier
from services.reports.models.files import ReportFile
from services.reports.models.issue import Report, ReportIssue, ReportVersion
from services.reports.models.items import ItemMark, MarkState, PaperItem, Sex

__all__ = [
    "ItemMark",
    "MarkState",
    "NotionalBoundary",
    "PaperItem",
    "Report",
    "ReportFile",
    "ReportIssue",
    "ReportVersion",
    "Sex",
    "SubjectBoundary",
    "Tier",
]
