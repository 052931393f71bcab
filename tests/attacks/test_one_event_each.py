"""Each deed of a person's account leaves exactly one event, which names who did it, whom it was done to, and from where (AUD)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.models import Factor, FreezeReference, Method
from portal.audit.models import AuditEvent
from tests.accounts.email_change.asking import ask as ask_change
from tests.accounts.email_change.asking import code_to, enter
from tests.accounts.freeze.test_freeze import notice
from tests.accounts.methods.fresh import add_factor, confirm
from tests.cast import Cast, Person, code_in, half_sign_in, invite, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]
ADDRESS = "203.0.113.9"


@contextmanager
def leaves(*kinds: str, by: Person | None = None, whom: Person | None = None) -> Iterator[None]:
    """Expect exactly these events, in this order; the last one by and of these people."""
    last = AuditEvent.objects.order_by("pk").last()
    yield
    new = list(AuditEvent.objects.filter(pk__gt=last.pk if last else 0).order_by("pk"))
    assert [event.kind for event in new] == list(kinds)
    if kinds:
        assert new[-1].actor_id == (str(by.user.pk) if by else "")
        assert not whom or new[-1].subject_id == str(whom.user.pk)
        assert {event.address for event in new} == {ADDRESS}


def _later(person: Person) -> None:
    Factor.objects.filter(user=person.user).update(last_step=0)


def _sent(client: Client, name: str, data: dict[str, Any], *args: Any) -> None:
    answer = client.post(reverse(name, args=args), data)
    assert answer.status_code == 302, answer.content.decode()


def test_aud_signing_in_and_what_goes_wrong_with_it_leaves_one_event_each(cast: Cast, post: Post) -> None:
    user, client = cast.user, Client(REMOTE_ADDR=ADDRESS)
    with leaves():
        client.post(reverse("sign-in"), {"email": user.user.email})
    with leaves("PASSWORD_REFUSED", whom=user):
        client.post(reverse("sign-in-password"), {"password": "wrong wrong wrong"})
    with leaves():
        half_sign_in(user, client)
    with leaves("CODE_REFUSED", whom=user):
        client.post(reverse("sign-in-factor"), {"code": "000000"})
    with leaves("SIGNED_IN", by=user, whom=user):
        _later(user)
        _sent(client, "sign-in-factor", {"code": user.app_code()})
    with leaves("SIGNED_OUT", by=user, whom=user):
        _sent(client, "sign-out", {})
    with leaves("PASSWORD_RESET_ASKED", whom=user):
        _sent(client, "forgot-password", {"email": user.user.email})
    with leaves("PASSWORD_RESET_ASKED"):
        _sent(client, "forgot-password", {"email": "nobody@glan.example"})
    code = code_in(str(next(letter for letter in post() if letter.to == [user.user.email]).body), 8)
    with leaves("CODE_REFUSED", whom=user):
        client.post(reverse("reset-password"), {"email": user.user.email, "code": "00000000", "new_password": "velvet compass 31"})
    with leaves("PASSWORD_RESET", by=user, whom=user):
        _sent(client, "reset-password", {"email": user.user.email, "code": code, "new_password": "velvet compass 31"})
    stranger = Client(REMOTE_ADDR=ADDRESS)
    with leaves("ACCOUNT_FROZEN", by=user, whom=user):
        reference = notice(user.user)
        stranger.post(reverse("freeze"), {"reference": reference})
        assert not FreezeReference.objects.filter(user=user.user, used_at=None).exists()


def test_aud_what_protects_an_account_leaves_one_event_each_change(cast: Cast, post: Post) -> None:
    user, client = cast.user, Client(REMOTE_ADDR=ADDRESS)
    sms = add_factor(user, Method.SMS, number="+447700900321")
    sign_in(user, client)
    sign_in(user)
    with leaves("SESSIONS_ENDED", by=user, whom=user):
        _sent(client, "end-other-devices", {})
    with leaves("CONFIRMED", by=user, whom=user):
        confirm(client, user)
    with leaves("DEFAULT_FACTOR_CHANGED", by=user, whom=user):
        _sent(client, "prefer-factor", {}, sms.pk)
    with leaves("FACTOR_REMOVED", by=user, whom=user):
        _sent(client, "remove-factor", {}, sms.pk)
    with leaves("CONFIRMED", "RECOVERY_CODES_MADE", by=user, whom=user):
        confirm(client, user)
        client.post(reverse("recovery-codes"))
    with leaves("CONFIRMED", "PASSWORD_CHANGED", by=user, whom=user):
        confirm(client, user)
        _sent(client, "change-password", {"new_password": "velvet compass 31"})
    user.password = "velvet compass 31"
    with leaves("CONFIRMED", "EMAIL_CHANGE_ASKED", by=user, whom=user):
        confirm(client, user)
        ask_change(client, "lowri@new.example")
    code = code_to("lowri@new.example", post)
    with leaves("CODE_REFUSED", by=user, whom=user):
        enter(client, "000000")
    with leaves("EMAIL_CHANGED", by=user, whom=user):
        enter(client, code)
    with leaves("PROFILE_CHANGED", by=user, whom=user):
        fields = {"title": "", "first_name": "Lowri", "last_name": "Wyn", "job_role": "", "language": "cy", "phone": ""}
        _sent(client, "profile-edit", fields)


def test_aud_what_an_exams_officer_does_to_others_leaves_one_event_each(cast: Cast) -> None:
    officer, user = cast.exams_officer, cast.user
    client = sign_in(officer, Client(REMOTE_ADDR=ADDRESS))
    place = user.membership.pk
    with leaves("FACTORS_RESET", by=officer, whom=user):
        _sent(client, "reset-mfa", {}, place)
    with leaves("ACCESS_CHANGED", by=officer):
        _sent(client, "manage-access", {"rights": ["iamis.enter_marks"]}, place)
    invitation = invite(officer, "elin@glan.example")
    with leaves("INVITE_CORRECTED", by=officer):
        _sent(client, "invite-correct", {"email": "elin.wyn@glan.example"}, invitation.membership_id)
    with leaves("INVITE_WITHDRAWN", by=officer):
        _sent(client, "invite-withdraw", {}, invitation.membership_id)
    with leaves("PERSON_DELETED", by=officer, whom=user):
        _sent(client, "delete-user", {}, place)
