"""A demonstration has reports, made through the same deeds as real ones; a second time nothing is added."""

from services.releases.gate import Look, Sight
from services.reports.demo import fill
from services.reports.models import ItemMark, NotionalBoundary, PaperItem, ReportIssue, SubjectBoundary
from tests.attacks.gate import REPORT_KINDS, report_addresses
from tests.cast import Cast, let_in, make_person
from tests.exams import make_results, make_sitting


def test_the_demonstration_has_reports_of_its_exams(cast: Cast) -> None:
    make_person("colleague@board.example", is_staff=True, is_superuser=True)
    made = make_results(cast.centre, make_sitting(year=2026, month=6), many=12)
    fill()
    look = Look(cast.centre, Sight.RELEASED)
    for model in (SubjectBoundary, NotionalBoundary, PaperItem, ItemMark):
        assert model.objects.seen_by(look).exists(), model
    issues = ReportIssue.objects.count()
    fill()
    assert ReportIssue.objects.count() == issues
    browser = let_in(cast.exams_officer)
    for kind in REPORT_KINDS:
        for page, address in report_addresses(kind, made[0].pk, embargo=False, sitting="2026-06-level-2").items():
            assert browser.get(address).status_code == 200, (kind, page)
