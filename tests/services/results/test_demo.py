"""The demonstration's exams: made through the real deeds, of nobody, once."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.management.signals import demo_wanted
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Series
from services.releases.models import ReleaseChange
from services.results.demo import make
from tests.cast import Cast, let_in, make_person
from tests.services.results.test_pages import accepted, text

FEW = (
    (2026, 6, ExamLevel.LEVEL_3, ("1300",), "6A", "41", {"68001": 3}),
    (2026, 6, ExamLevel.LEVEL_2, ("3300", "3100"), "6G", "40", {"68001": 4}),
    (2026, 11, ExamLevel.LEVEL_2, ("3300",), "BG", "40", {"68001": 3, "68002": 2}),
)


def test_svc_a_demonstration_shows_a_results_day_in_progress(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DEMO, settings.FILES_DIR = True, tmp_path  # other services fill in as well
    monkeypatch.setattr(make, "SITTINGS", FEW)
    demo_wanted.send(sender=None)
    assert not Series.objects.exists(), "a release takes two members of staff"
    make_person("second@board.example", is_staff=True, is_superuser=True)
    for _time in range(2):
        demo_wanted.send(sender=None)
    assert Candidate.objects.count() == 12
    assert all(change.decided_by_id and change.decided_by_id != change.proposed_by_id for change in ReleaseChange.objects.all())
    set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=[(Service.RESULTS, Level.VIEW_RELEASED)])
    released = text(let_in(cast.user).get(reverse("results")))
    assert "GCSE, June 2026" in released
    assert "A level and AS, June 2026" in released
    assert "November" not in released
    browser = accepted(cast.exams_officer)
    assert "GCSE, November 2026" in text(browser.get(reverse("results-embargoed")))
    assert "GCSE, November 2026" in text(browser.get(reverse("results-day")))
