"""Components as staff make them by hand: what notional boundaries and items of papers belong to (SVC 6)."""

from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.helpdesk.groups import StaffGroup, make_groups
from portal.audit.models import AuditEvent
from services.exams.models import Component
from tests.cast import Cast, let_in, make_person
from tests.exams import make_option

FORM = {"code": "3300QS/01", "title_en": "Paper 1", "title_cy": "Papur 1", "maximum": "60"}
TABLE = {"links-TOTAL_FORMS": "1", "links-INITIAL_FORMS": "0"}


def test_a_release_manager_makes_a_component_with_its_option_and_it_is_in_the_trail(cast: Cast) -> None:
    make_groups()
    person = make_person("manager@board.example", is_staff=True)
    person.user.groups.add(Group.objects.get(name=StaffGroup.RELEASE_MANAGER.value))
    browser, option = let_in(person), make_option()
    answer = browser.post(reverse("admin:exams_component_add"), {**FORM, **TABLE, "links-0-option": option.pk})
    assert answer.status_code == 302, answer.content.decode()
    made = Component.objects.get(options=option)
    assert (made.code, made.maximum) == ("3300QS/01", 60)
    assert AuditEvent.objects.get(number=356).subject_id == str(made.pk)
    page = reverse("admin:exams_component_change", args=[made.pk])
    browser.post(page, {**FORM, **TABLE, "links-0-option": "", "maximum": "1", "code": "9"})
    made.refresh_from_db()
    assert (made.code, made.maximum) == ("3300QS/01", 60)
    assert browser.post(reverse("admin:exams_component_delete", args=[made.pk])).status_code == 403
