"""Components as staff load them: looked at first, then all or nothing; what reports rest on stays (SVC 6, SVC 7)."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.helpdesk.groups import StaffGroup
from portal.audit.models import AuditEvent
from services.basedata.components import COLUMNS, load_components
from services.exams.models import Component
from services.formats.csvs.writing import lines_of
from tests.cast import Cast, let_in, make_person
from tests.exams import make_option
from tests.services.basedata.loading import load, look, manager

PAPER = {"component": "3300U10-1", "title_en": "Unit 1", "title_cy": "Uned 1", "maximum": "80", "internal": "", "option": "3300QS"}
WORK = PAPER | {"component": "3300/02", "title_en": "Project", "title_cy": "Prosiect", "maximum": "40", "internal": "Y"}


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def browser(cast: Cast) -> Client:
    make_option()
    make_option("3300U1")
    return manager()


def ours(*lines: dict[str, str]) -> bytes:
    return b"".join(lines_of(COLUMNS, lines))


def test_a_look_changes_nothing_and_the_load_does_what_it_said(browser: Client) -> None:
    shown = look(browser, "components", ours(PAPER, PAPER | {"option": "3300U1"}, WORK))
    assert "Components added</th><td>2</td>" in shown.content.decode()
    assert not Component.objects.exists()
    assert not AuditEvent.objects.filter(number=357).exists()
    assert "Components added: 2; Components changed: 0; Components as they were: 0" in load(browser, "components", shown).content.decode()
    paper = Component.objects.get(code="3300U10-1")
    assert set(paper.options.values_list("code", flat=True)) == {"3300QS", "3300U1"}
    assert (paper.maximum, paper.is_internal, paper.title_cy) == (80, False, "Uned 1")
    assert Component.objects.get(code="3300/02").is_internal
    event = AuditEvent.objects.get(number=357)
    assert (event.detail["added"], event.detail["lines"], event.actor_name) == (2, 3, "Nia Jones")


def test_loading_again_changes_titles_and_takes_nothing_away(browser: Client) -> None:
    load(browser, "components", look(browser, "components", ours(PAPER, WORK)))
    again = look(browser, "components", ours(PAPER | {"title_en": "Unit 1 (new)", "option": "3300U1"}))
    load(browser, "components", again)
    paper = Component.objects.get(code="3300U10-1")
    assert (paper.title_en, paper.options.count(), Component.objects.count()) == ("Unit 1 (new)", 2, 2)


@pytest.mark.parametrize(
    ("lines", "number", "what"),
    [
        ([PAPER, PAPER], 3, "in the file twice"),
        ([PAPER, PAPER | {"option": "3300U1", "maximum": "90"}], 3, "is written otherwise further up"),
        ([PAPER | {"option": "9999QS"}], 2, "There is no option 9999QS"),
        ([PAPER | {"component": "33 00"}], 2, "is not made of figures and capitals"),
        ([PAPER | {"component": "3300/"}], 2, "is not made of figures and capitals"),
        ([PAPER | {"maximum": "0"}], 2, "is not a whole number"),
        ([PAPER | {"internal": "N"}], 2, "must be Y for work that the centre marks"),
        ([WORK, PAPER | {"title_cy": ""}], 3, "Welsh title is empty"),
    ],
)
def test_one_wrong_line_and_nothing_can_be_loaded(browser: Client, lines: list[dict[str, str]], number: int, what: str) -> None:
    page = look(browser, "components", ours(*lines)).content.decode()
    assert "Nothing was loaded" in page
    assert f"<td>{number}</td>" in page
    assert what in page
    assert 'name="waiting"' not in page
    assert not Component.objects.exists()


def test_a_maximum_that_reports_rest_on_stays(browser: Client) -> None:
    load(browser, "components", look(browser, "components", ours(PAPER)))
    assert "has another maximum mark already" in look(browser, "components", ours(PAPER | {"maximum": "90"})).content.decode()


def test_what_changed_between_look_and_load_is_seen(browser: Client) -> None:
    shown = look(browser, "components", ours(PAPER))
    Component.objects.create(code="3300U10-1", maximum=60, title_en="x", title_cy="x")
    answer = load(browser, "components", shown).content.decode()
    assert "has another maximum mark already" in answer
    assert Component.objects.get().title_en == "x"


def test_only_release_managers_load(browser: Client, cast: Cast) -> None:
    for group in set(StaffGroup) - {StaffGroup.RELEASE_MANAGER}:
        person = make_person(f"{group.value}@board.example", is_staff=True)
        person.user.groups.add(Group.objects.get(name=group.value))
        theirs = let_in(person)
        for name in ("components-load", "components-template", "entries-load", "entries-template"):
            assert theirs.get(reverse(f"admin:{name}")).status_code == 403
    assert browser.get(reverse("admin:components-template")).getvalue().startswith(b"\xef\xbb\xbfcomponent,title_en")
    assert reverse("admin:components-load") in browser.get(reverse("admin:exams_component_changelist")).content.decode()
    with pytest.raises(PermissionDenied):
        load_components(actor=cast.exams_officer.user, content=ContentFile(ours(PAPER)))
