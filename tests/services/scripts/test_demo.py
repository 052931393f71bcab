"""A demonstration has scripts that can be opened, released ones and some under embargo, made through the same deeds as real ones, once."""

from typing import Any

from django.urls import reverse

from services.exams.models import Entry
from services.files.models import FileState, PublishedFile
from services.formats import pdf
from services.scripts.demo import fill
from services.scripts.models import Script
from tests.cast import Cast, let_in, make_person
from tests.exams import make_candidate, make_option, make_sitting
from tests.papers import make_component


def test_svc7_a_demonstration_has_scripts_to_open(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.DEMO, settings.FILES_DIR = True, tmp_path
    make_component()
    make_component("3300/02")
    for year, month in ((2026, 6), (2089, 11)):
        for number in range(1, 8):
            Entry.objects.create(candidate=make_candidate(cast.centre, make_sitting(year=year, month=month), number), option=make_option())
    make_sitting(year=2025, month=6)
    fill()
    assert not PublishedFile.objects.exists(), "a release takes two members of staff"
    make_person("second@board.example", is_staff=True, is_superuser=True)
    for _time in range(2):
        fill()
    assert Script.objects.behind_the_gate().count() == 5 * 2 * 2
    assert set(PublishedFile.objects.values_list("state", flat=True)) == {FileState.MADE}
    browser = let_in(cast.exams_officer)
    browser.post(reverse("embargo-accept"))
    for prefix, sitting in (("", "2026-06-level-2"), ("embargoed-", "2089-11-level-2")):
        html = browser.get(reverse(f"{prefix}scripts")).content.decode()
        assert reverse(f"{prefix}scripts-candidates", args=[sitting]) in html
        assert html.count("-level-2/") == 1
        script = Script.objects.behind_the_gate().filter(series__year=int(sitting[:4])).first()
        assert script is not None
        content = b"".join(browser.get(reverse(f"{prefix}scripts-file", args=[sitting, script.pk])))
        pdf.check(content)
