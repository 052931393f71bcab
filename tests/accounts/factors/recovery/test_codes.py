"""Recovery codes: made, read back, used once, counted (MFA-2, P10)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import hashers

from accounts.factors.recovery.flow import codes_left, make_codes, still_live, use_code
from accounts.factors.recovery.rules import ALPHABET, NoCodesForStaff, WrongRecoveryCode, new_text, normal
from accounts.models import RecoveryCode
from accounts.sessions.store import SessionStore
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.cast import Cast, Person, sign_in


def made(person: Person) -> list[str]:
    return make_codes(user=person.user, session=SessionStore())


def test_p10_ten_codes_of_80_bits_in_groups_of_four(cast: Cast) -> None:
    codes = made(cast.user)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", code) for code in codes)
    assert len(set(ALPHABET)) == 32
    assert len(normal(codes[0])) * 5 == 80


def test_a36_every_symbol_comes_from_chance_alone() -> None:
    seen = "".join(new_text() for _number in range(2_000))
    assert all(800 < seen.count(symbol) < 1_200 for symbol in ALPHABET)


def test_p10_a160_the_database_holds_argon2_hashes_and_no_code(cast: Cast) -> None:
    codes = made(cast.user)
    rows = list(RecoveryCode.objects.filter(user=cast.user.user))
    assert all(row.password_hash.startswith("argon2$argon2id$") for row in rows)
    stored = " ".join(f"{row.selector} {row.password_hash}" for row in rows)
    letters = " ".join(f"{message.context} {message.secret}" for message in Message.objects.all())
    trail = " ".join(str(event.detail) for event in AuditEvent.objects.all())
    assert not [code for code in codes for text in (stored, letters, trail) if code in text or normal(code) in text]


def test_p10_a_code_works_once(cast: Cast) -> None:
    codes = made(cast.user)
    assert use_code(user=cast.user.user, text=codes[0]) == 9
    with pytest.raises(WrongRecoveryCode):
        use_code(user=cast.user.user, text=codes[0])
    assert codes_left(cast.user.user) == 9
    event = AuditEvent.objects.get(kind="RECOVERY_CODE_USED")
    assert (event.actor_id, event.detail) == (str(cast.user.user.pk), {"left": 9})
    letter = Message.objects.get(kind="recovery_code_used")
    assert (letter.recipient, letter.context["left"]) == ("user@glan.example", 9)


def test_p10_case_spaces_and_hyphens_do_not_matter(cast: Cast) -> None:
    codes = made(cast.user)
    ways: list[Callable[[str], str]] = [
        str.upper,
        lambda code: code.replace("-", " "),
        lambda code: f"  {code.replace('-', '')}\t",
        lambda code: code.replace("-", "–"),
    ]
    for number, typed in enumerate(ways):
        assert use_code(user=cast.user.user, text=typed(codes[number])) == 9 - number


def test_p10_look_alikes_are_read_as_the_digits_they_look_like() -> None:
    assert normal("O0oL-1lIi") == "00011111"
    assert not set("oilu") & set(ALPHABET)


def test_p10_new_codes_kill_the_old_ones_and_tell(cast: Cast) -> None:
    old, new = made(cast.user), made(cast.user)
    with pytest.raises(WrongRecoveryCode):
        use_code(user=cast.user.user, text=old[0])
    assert use_code(user=cast.user.user, text=new[0]) == 9
    assert RecoveryCode.objects.filter(user=cast.user.user).count() == 10
    assert AuditEvent.objects.filter(kind="RECOVERY_CODES_MADE", actor_id=str(cast.user.user.pk)).count() == 2
    assert Message.objects.filter(kind="recovery_codes_made", recipient="user@glan.example").count() == 2


def test_a88_new_codes_end_the_other_sessions(cast: Cast) -> None:
    client, other = sign_in(cast.user), sign_in(cast.user)
    make_codes(user=cast.user.user, session=SessionStore(client.session.session_key))
    assert client.get("/security/").status_code == 200
    assert other.get("/security/").status_code == 302


def test_a31_a_code_of_somebody_else_opens_nothing(cast: Cast) -> None:
    codes = made(cast.admin)
    with pytest.raises(WrongRecoveryCode):
        use_code(user=cast.user.user, text=codes[0])
    assert codes_left(cast.admin.user) == 10


def test_mfa1_staff_have_the_app_and_no_recovery_codes(cast: Cast) -> None:
    with pytest.raises(NoCodesForStaff):
        made(cast.staff)
    assert not RecoveryCode.objects.exists()


def test_p10_exactly_one_hash_check_whatever_is_typed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's own hasher is watched, not replaced."""
    codes, others = made(cast.user), made(cast.admin)
    use_code(user=cast.user.user, text=codes[1])
    checks: list[int] = []
    hasher = hashers.get_hasher()
    verify = hasher.verify

    def watched(password: str, encoded: str) -> Any:
        checks.append(len(password))
        return verify(password, encoded)

    monkeypatch.setattr(hasher, "verify", watched)
    for text in (codes[1], others[0], "", "\x00", "0" * 10_000, "ffff-ffff-ffff-ffff", "ŵ", codes[0]):
        checks.clear()
        if text == codes[0]:
            assert use_code(user=cast.user.user, text=text) == 8
        else:
            with pytest.raises(WrongRecoveryCode):
                use_code(user=cast.user.user, text=text)
        assert len(checks) == 1, text
        assert checks[0] <= 100, text


def test_p10_the_selector_alone_opens_nothing(cast: Cast) -> None:
    codes = made(cast.user)
    rows = RecoveryCode.objects.filter(user=cast.user.user)
    first, second = rows.get(selector=_selector(codes[0])), rows.get(selector=_selector(codes[1]))
    RecoveryCode.objects.filter(pk=first.pk).update(selector=second.selector)
    RecoveryCode.objects.filter(pk=second.pk).delete()
    with pytest.raises(WrongRecoveryCode):
        use_code(user=cast.user.user, text=codes[1])


def test_only_live_codes_of_this_person_are_written_down_again(cast: Cast) -> None:
    codes, others = made(cast.user), made(cast.admin)
    use_code(user=cast.user.user, text=codes[2])
    assert still_live(cast.user.user, [codes[0], codes[2], others[0], "nonsense", "", codes[0].upper()]) == [codes[0]]


def _selector(code: str) -> str:
    from portal.crypto import digest

    return digest("recovery-code", normal(code))[:8]
