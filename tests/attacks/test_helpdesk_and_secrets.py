"""J and A108, A128: the help desk's admin, the trail, starting (A131-A138)."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import time_machine
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import Factor, Method, Session, User
from permissions.events import Event as CentreEvent
from permissions.models import Centre, Membership
from portal import clock, limits
from portal.audit.models import AuditEvent
from tests.attacks.knocking import events, knock
from tests.attacks.test_invites import FORM
from tests.attacks.test_sessions import confirm
from tests.cast import Cast, half_sign_in, invite, let_in, make_person, sign_in
from tests.portal.test_start import ROOT, STRONG, start

MODELS = (
    "accounts_user",
    "accounts_invitation",
    "accounts_factorreset",
    "accounts_succession",
    "permissions_centre",
    "outbox_message",
    "audit_auditevent",
)
LISTS = [f"/admin/{name.replace('_', '/')}/" for name in MODELS]


def test_a131_nobody_but_staff_with_a_proved_app_sees_an_admin(cast: Cast) -> None:
    half = half_sign_in(cast.staff)
    no_app = make_person("new@board.example", is_staff=True)
    Factor.objects.filter(user=no_app.user).update(method=Method.EMAIL, seed="")
    by_mail, _answer = knock("new@board.example", no_app.password)
    was = let_in(make_person("was@board.example", is_staff=True))
    User.objects.filter(email="was@board.example").update(is_staff=False)
    gone = let_in(make_person("gone@board.example", is_staff=True, is_superuser=True))
    User.objects.filter(email="gone@board.example").update(is_active=False)
    for browser in (Client(), half, by_mail, was, gone, let_in(cast.exams_officer), let_in(cast.user)):
        for path in ("/admin/", *LISTS, "/admin/login/", "/admin/jsi18n/", "/admin/autocomplete/", "/admin/nothing/", "/admin/r/1/1/"):
            fields = {"username": "staff@board.example", "password": cast.staff.password}
            answer = browser.post(path, fields) if path.endswith("n/") else browser.get(path)
            assert answer.status_code in {302, 403, 404}, path
            assert b"help desk" not in answer.content.lower() or answer.status_code == 302


def test_a131_a_stale_staff_session_is_asked_again(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        browser = let_in(cast.staff)
        assert browser.get("/admin/").status_code == 200
        traveller.shift(timedelta(minutes=limits.P18_STAFF_IDLE_MINUTES, seconds=1))
        answer = browser.post(reverse("admin:person-act", args=[cast.user.user.pk, "suspend"]))
        assert answer.status_code == 302
        assert User.objects.get(pk=cast.user.user.pk).is_active


def test_a133_staff_who_may_only_look_change_nothing_by_list_popup_inline_or_form(cast: Cast) -> None:
    clerk = make_person("clerk@board.example", is_staff=True)
    clerk.user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    browser = let_in(clerk)
    waiting = invite(cast.admin, "elin@glan.example")
    one = {"accounts_user": cast.user.user.pk, "accounts_invitation": waiting.pk, "permissions_centre": cast.centre.pk,
           "audit_auditevent": AuditEvent.objects.latest("pk").pk, "outbox_message": "00000000-0000-4000-8000-000000000000"}  # fmt: skip
    before = AuditEvent.objects.count()
    fields: dict[str, Any] = {
        "name": "Changed", "number": "68001", "country": "england", "first_name": "Changed", "is_superuser": "on", "is_staff": "on", "email": "x@y.example",
        "factor_set-TOTAL_FORMS": "1", "factor_set-INITIAL_FORMS": "0", "factor_set-0-method": "email", "factor_set-0-confirmed": "on",
    }  # fmt: skip
    for name in MODELS:
        address = f"/admin/{name.replace('_', '/')}/"
        row = f"{address}{one.get(name, '00000000-0000-4000-8000-000000000000')}/"
        popup = "?_popup=1&_to_field=id"
        for path in (
            f"{address}add/",
            f"{address}add/{popup}",
            f"{row}change/",
            f"{row}change/{popup}",
            f"{row}delete/",
            f"{row}delete/{popup}",
        ):
            more = {"_popup": "1", "_saveasnew": "1", "post": "yes", "_continue": "1"}
            assert browser.post(path, {**fields, **more}).status_code in {302, 403, 404, 405}, path
        for number, action in enumerate(
            ("delete_selected", "freeze_centres", "reactivate_centres", "suspend_people", "sign_people_out", "nothing")
        ):
            chosen = {"_selected_action": [str(one.get(name, 1))], "select_across": str(number % 2), "index": "0", "post": "yes"}
            assert browser.post(address, {"action": action, **chosen}).status_code in {200, 302, 403}, (address, action)
    assert (User.objects.filter(first_name="Changed").count(), User.objects.filter(is_superuser=True).count()) == (0, 1)
    assert not Centre.objects.filter(name="Changed").exists()
    assert Centre.objects.filter(frozen_at=None).count() == 2
    assert Membership.objects.filter(user=cast.user.user).exists()
    assert AuditEvent.objects.count() == before
    assert (events(Event.PERSON_SUSPENDED), events(CentreEvent.CENTRE_FROZEN), events(CentreEvent.CENTRE_CHANGED)) == (0, 0, 0)


SPELLED_OUT = {
    "accounts/user": ["password__startswith=argon2", "password=x", "password__regex=^a", "factor__seed__startswith=a", "session__session_key__startswith=a",
                      "memberships__centre__number=68001", "email__startswith=a", "email__regex=(", "created_at__year__gte=99999999999", "groups__name=x"],
    "accounts/invitation": ["password_hash__startswith=a", "selector__gte=a", "invited_by__password__startswith=a", "email__iregex=%5B", "tries_left__gt=1"],
    "accounts/factorreset": ["user__password__startswith=a", "asked_by__email=x", "reason__contains=a"],
    "permissions/centre": ["id__in=1,2,3", "pk=1", "name__startswith=x", "membership__user__password__startswith=a"],
    "outbox/message": ["secret__startswith=g", "secret=abc", "context__contains=x", "context__code=1", "recipient__startswith=a"],
    "audit/auditevent": ["seal__startswith=a", "detail__x=1", "address__startswith=1", "at__year__gte=99999999999", "nothing=1"],
}  # fmt: skip
FORGED = [
    "q=%00", f"q={'x' * 5000}", "p=9999999999", "p=abc", "p=-1", "o=9.-9.x", "o=password", "at__year=99999999999", "at__year=9999&at__month=12&at__day=31",
    "at__year=0", "at__year=2026&at__month=13", "is_active__exact=x", "is_active__exact=%00", "frozen_at__isempty=z", "_to_field=password", "all=",
    "_popup=1&_to_field=id", "number=99999999999999999999", "role__exact=%00", "role__exact=a&role__exact=b", "state__exact=%00", "country__exact=%00", "e=1",
]  # fmt: skip


def test_a108_the_help_desks_lists_spell_no_hash_out_and_meet_no_fault(cast: Cast) -> None:
    """Staff may look at people, but not ask for hashes letter by letter; nor does any made-up filter end in a 500."""
    browser = let_in(cast.staff)
    for number, (place, spelled) in enumerate(SPELLED_OUT.items()):
        path = f"/admin/{place}/"
        for query in spelled:
            with transaction.atomic():
                assert browser.get(f"{path}?{query}").status_code == 400, (path, query)
        for query in FORGED if place == "audit/auditevent" else FORGED[number::4]:
            with transaction.atomic():
                assert browser.get(f"{path}?{query}").status_code in {200, 302, 400}, (path, query)
        for chosen in ("\x00", "x", "99999999999999999999999", "-1"):
            action = {"permissions/centre": "freeze_centres", "accounts/user": "suspend_people"}.get(place, "delete_selected")
            with transaction.atomic():
                answer = browser.post(path, {"action": action, "_selected_action": chosen, "index": "x"})
                assert answer.status_code in {200, 302, 400, 403}, (path, chosen)
        for key in ("%00", "99999999999999999999999", "x/../y", "_5F", "a" * 3000):
            page = ("change/", "history/", "delete/", "")[number % 4]
            with transaction.atomic():
                assert browser.get(f"{path}{key}/{page}").status_code in {302, 403, 404}, (path, key, page)
    assert browser.get("/admin/accounts/user/?is_active__exact=1&is_staff__exact=1").status_code == 200
    assert browser.get("/admin/audit/auditevent/?at__year=2026&number=200").status_code == 200
    assert browser.get("/admin/permissions/centre/?frozen_at__isempty=1&country__exact=wales").status_code == 200
    assert User.objects.filter(is_active=False).count() == 0


def test_a128_a_name_gets_into_no_header_of_a_download(cast: Cast) -> None:
    User.objects.filter(pk=cast.user.user.pk).update(first_name='x"; filename="y.bat', last_name="\r\nX-Evil: 1\u202egnp.exe")
    browser = let_in(cast.user)
    confirm(browser, cast.user, "recovery")
    page = browser.post(reverse("recovery-codes")).content.decode()
    codes = sorted(set(re.findall(r'name="codes" value="([^"]+)"', page)))
    assert len(codes) == limits.P10_RECOVERY_CODES
    answer = browser.post(reverse("recovery-codes-file"), {"codes": codes, "filename": "evil.bat", "name": "../../x"})
    assert answer["Content-Disposition"] == 'attachment; filename="portal-recovery-codes.txt"'
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "X-Evil" not in answer.headers
    assert sign_in(cast.admin).post(reverse("recovery-codes-file"), {"codes": codes}).status_code == 302


def test_a136_neither_actor_nor_address_nor_browser_can_be_forged(cast: Cast) -> None:
    agent = "Mozilla/5.0 " + "\u00e9" * 1_000_000
    forged = {
        "actor": str(cast.exams_officer.user.pk),
        "actor_id": "1",
        "user": "eo@glan.example",
        "address": "192.0.2.9",
        "at": "2000-01-01",
        "centre": "68002",
    }
    headers = {
        "User-Agent": agent,
        "X-Forwarded-For": "192.0.2.9",
        "X-Real-IP": "192.0.2.9",
        "Forwarded": "for=192.0.2.9",
        "Client-IP": "192.0.2.9",
    }
    browser = let_in(cast.admin, Client(headers=headers, REMOTE_ADDR="198.51.100.7"))
    browser.post(reverse("invite-check"), {**FORM, "email": "elin@glan.example", **forged})
    event = AuditEvent.objects.get(number=Event.INVITED.number)
    assert (event.actor_id, event.centre_number) == (str(cast.admin.user.pk), "68001")
    assert set(AuditEvent.objects.values_list("address", flat=True)) <= {"198.51.100.7"}
    assert (clock.now() - event.at).total_seconds() < 60
    assert 0 < len(event.browser) <= 200
    assert set(Session.objects.values_list("address", flat=True)) == {"198.51.100.7"}
    assert all(len(browser) <= 200 for browser in Session.objects.values_list("browser", flat=True))


WEAK = {"SECRET_KEY": "a" * 64, "ENCRYPTION_KEYS": "password" * 8, "WEBHOOK_SECRET": "changeme", "ALLOWED_HOSTS": "*", "PORTAL_BASE_URL": "http://portal.example",
        "DATABASE_URL": "postgres://postgres:postgres@db/portal"}  # fmt: skip


def test_a138_production_names_every_weakness_and_does_not_start() -> None:
    done = start(**STRONG | WEAK)
    assert done.returncode != 0
    assert not [name for name in WEAK if name not in done.stderr]
    assert "aaaa" not in done.stderr + done.stdout


def test_a138_no_switch_turns_debug_or_the_demonstration_on() -> None:
    switches = {"DEBUG": "1", "DJANGO_DEBUG": "True", "PORTAL_DEBUG": "1", "DEMO": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    code = "import django; django.setup(); from django.conf import settings as s; print(s.DEBUG, s.DEMO, s.TESTING, s.TEMPLATES[0]['OPTIONS'].get('debug'))"
    environment = {"PATH": os.environ["PATH"], **STRONG, **switches}
    asked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert asked.stdout.split() == ["False", "False", "False", "None"], asked.stderr
