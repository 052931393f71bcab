"""A demonstration has past papers that can be opened, and a question paper within the hour before its exam, made through the real deeds, once."""

from typing import Any

from django.urls import reverse

from services.files.models import FileState, PublishedFile
from services.formats import pdf
from services.resources.demo import fill
from services.resources.models import Resource
from tests.cast import Cast, let_in, make_person
from tests.papers import enter


def test_svc8_a_demonstration_has_papers_to_open(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.DEMO, settings.FILES_DIR = True, tmp_path
    enter(cast.centre)
    fill()
    assert not PublishedFile.objects.exists(), "the times of a question paper take two members of staff"
    make_person("second@board.example", is_staff=True, is_superuser=True)
    for _time in range(2):
        fill()
    everything = Resource.objects.behind_the_gate()
    assert everything.count() == 2 * 3 + 1
    assert set(PublishedFile.objects.values_list("state", flat=True)) == {FileState.MADE}
    html = let_in(cast.user).get(reverse("past-papers")).content.decode()
    assert html.count("/past-papers/file/") == 2 * 3
    today = everything.get(starts_at__isnull=False)
    address = reverse("past-papers-file", args=[today.pk])
    assert address not in html
    browser = let_in(cast.admin)
    assert address in browser.get(reverse("past-papers")).content.decode()
    assert let_in(cast.other_exams_officer).get(address).status_code == 404
    pdf.check(b"".join(browser.get(address)))
