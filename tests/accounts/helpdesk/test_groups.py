"""HELP-1, A133: what each group of staff may do; every deed asks its own right."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from accounts.events import Event
from accounts.helpdesk.groups import RIGHTS, StaffGroup, make_groups, set_groups
from accounts.models import User
from permissions.events import Event as CentreEvent
from permissions.models import Centre
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, let_in, make_person

WHY = {"reason": "They rang."}


def of_group(group: StaffGroup) -> Person:
    person = make_person(f"{group.value}@board.example", is_staff=True)
    person.user.groups.add(Group.objects.get(name=group.value))
    return person


def deeds(cast: Cast) -> dict[str, str]:
    person, centre = cast.user.user.pk, cast.centre.pk
    return {
        "accounts.suspend_user": reverse("admin:person-act", args=[person, "suspend"]),
        "accounts.end_sessions_user": reverse("admin:person-act", args=[person, "sign-out"]),
        "accounts.end_hold_user": reverse("admin:person-act", args=[person, "end-hold"]),
        "accounts.add_factorreset": reverse("admin:factor-reset-ask", args=[person]),
        "accounts.add_invitation": reverse("admin-invite-exams-officer", args=[centre]),
        "accounts.delete_user": reverse("admin:person-delete-account", args=[cast.user.membership.pk]),
        "permissions.freeze_centre": reverse("admin-freeze-centre", args=[centre]),
        "permissions.add_centre": reverse("admin:permissions_centre_add"),
        "superuser": reverse("admin:person-groups", args=[cast.staff.user.pk]),
    }


@pytest.mark.parametrize("group", StaffGroup)
def test_a133_each_group_opens_its_own_deeds_and_no_others(cast: Cast, group: StaffGroup) -> None:
    browser = let_in(of_group(group))
    for right, url in deeds(cast).items():
        expected = 200 if right in RIGHTS[group] else 403
        assert browser.get(url).status_code == expected, (group, right)
        if expected == 403:
            assert browser.post(url, WHY).status_code == 403, (group, right)
    trail = browser.get(reverse("admin:audit_auditevent_changelist")).status_code
    assert trail == (200 if "audit.view_auditevent" in RIGHTS[group] else 403)
    assert browser.get(reverse("admin-find")).status_code == (403 if group is StaffGroup.RELEASE_MANAGER else 200)


def test_help1_groups_are_what_the_code_says_after_each_migration(db: None) -> None:
    helper = Group.objects.get(name="helper")
    helper.permissions.set(Group.objects.get(name="approver").permissions.all())
    make_groups()
    held = {f"{row.content_type.app_label}.{row.codename}" for row in helper.permissions.select_related("content_type")}
    assert held == set(RIGHTS[StaffGroup.HELPER])
    assert not [right for rights in RIGHTS.values() for right in rights if right.startswith(("auth.", "accounts.change_user"))]


def test_help1_a_superuser_sets_the_groups_of_staff_with_a_reason(cast: Cast) -> None:
    clerk = make_person("clerk@board.example", is_staff=True)
    browser, url = let_in(cast.staff), reverse("admin:person-groups", args=[clerk.user.pk])
    chosen: dict[str, Any] = {"groups": ["helper", "auditor"]}
    assert "Enter a reason" in browser.post(url, chosen).content.decode()
    assert not clerk.user.groups.exists()
    assert browser.post(url, chosen | WHY).status_code == 302
    assert set(clerk.user.groups.values_list("name", flat=True)) == {"helper", "auditor"}
    event = AuditEvent.objects.get(number=Event.STAFF_GROUPS_CHANGED.number)
    assert event.detail == {"before": [], "after": ["auditor", "helper"], "reason": "They rang."}
    assert "Auditor:" in browser.get(reverse("admin:accounts_user_change", args=[clerk.user.pk])).content.decode()


def test_a81_nobody_sets_their_own_groups_or_those_of_a_teacher(cast: Cast) -> None:
    clerk = make_person("clerk@board.example", is_staff=True)
    for actor, person in ((clerk, clerk), (clerk, cast.staff), (cast.staff, cast.staff), (cast.staff, cast.user), (cast.user, clerk)):
        with pytest.raises(PermissionDenied):
            set_groups(actor=actor.user, person=person.user, groups=["approver"], reason="x")


def test_help1_every_deed_wants_a_reason_and_the_trail_keeps_it(cast: Cast) -> None:
    browser = let_in(cast.staff)
    for name in ("admin-freeze-centre", "admin-reactivate-centre"):
        url = reverse(name, args=[cast.centre.pk])
        assert url in browser.get(reverse("admin:permissions_centre_change", args=[cast.centre.pk])).content.decode()
        before = Centre.objects.get(pk=cast.centre.pk).frozen_at
        assert "Enter a reason" in browser.post(url).content.decode()
        assert Centre.objects.get(pk=cast.centre.pk).frozen_at == before
        browser.post(url, WHY)
        assert Centre.objects.get(pk=cast.centre.pk).frozen_at != before
    suspend = reverse("admin:person-act", args=[cast.user.user.pk, "suspend"])
    assert "Enter a reason" in browser.post(suspend).content.decode()
    assert User.objects.get(pk=cast.user.user.pk).is_active
    browser.post(suspend, WHY)
    kept = AuditEvent.objects.filter(number__in=(CentreEvent.CENTRE_FROZEN.number, Event.PERSON_SUSPENDED.number))
    assert [event.detail["reason"] for event in kept] == ["They rang.", "They rang."]


def test_help1_the_command_makes_staff_of_a_group(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", "harbour lantern quilt 9")
    call_command("create_staff", "mair@board.example", "Mair", "Rees", "--group", "helper")
    made = User.objects.get(email="mair@board.example")
    assert (made.is_staff, made.is_superuser, [group.name for group in made.groups.all()]) == (True, False, ["helper"])
