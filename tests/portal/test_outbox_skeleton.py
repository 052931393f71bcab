"""What is filled into a kept letter is, letter for letter, what the templates would have made of it."""

from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings as portal_settings

from portal.outbox import skeleton
from portal.outbox.models import Channel, Message
from portal.outbox.render import render

ROOT: Final = Path(__file__).resolve().parents[2]
KINDS: Final = sorted(path.parent.name for path in (ROOT / "templates/email").glob("*/subject.txt"))
CONTEXTS: Final[tuple[dict[str, Any], ...]] = (
    {"inviter": "Siân O'Neill", "centre": "68999 Ysgol <b>", "role": "admin", "what": "added", "method": "app", "by": "you",
     "browser": "Firefox", "address": "192.0.2.1", "minutes": 10, "left": 2, "added": ["results:view"], "taken": []},
    {"inviter": "", "centre": "68998", "role": "exams_officer", "what": "reset", "method": "", "by": "centre", "person": "Dai & Co", "left": 1,
     "account_gone": True, "existing": True, "help_desk": True, "added": [], "taken": ["results:view"], "ends_on": "2027-01-02"},
)  # fmt: skip
INSTANTS: Final = ("expires_at", "changed_at", "happened_at", "until_at")


def message(kind: str, language: str, context: dict[str, Any], name: str, second: int, secret: str) -> Message:
    instants = dict.fromkeys(INSTANTS, f"2026-11-02T09:05:{second:02}.123456+00:00")
    return Message(
        kind=kind, channel=Channel.EMAIL, language=language, recipient="nia@glan.example", secret=secret,
        context={**context, **instants, "name": name},
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_letter_is_the_rendered_one(kind: str) -> None:
    names = [("<i>Dai</i> & evil.example", "a&b<c>.d"), ("xxqsecretq7x", "s"), ("", ""), ("Éa ", "7")]
    for context in CONTEXTS:
        for second, (name, secret) in enumerate(names):
            one = message(kind, "both-cy", context, name, second, secret)
            assert skeleton.letter_for(one) == render(one)


def test_no_letter_holds_anothers_name_or_secret_and_no_mark() -> None:
    letters = [skeleton.letter_for(message("invite", "both-en", CONTEXTS[0], f"Name{n}", n, f"secret-{n}")) for n in range(3)]
    for number, letter in enumerate(letters):
        whole = letter.subject + letter.text + letter.html
        assert f"Name{number}" in whole
        assert f"secret-{number}" in whole
        assert not any(f"Name{other}" in whole or f"secret-{other}" in whole for other in range(3) if other != number)
        assert "xxq" not in whole


def test_what_else_differs_is_a_letter_of_its_own() -> None:
    first = message("invite", "en", CONTEXTS[0], "Nia", 0, "s")
    for changed in ({"centre": "68111 Arall"}, {"expires_at": "2026-11-02T09:06:00+00:00"}, {"role": "user"}):
        other = message("invite", "en", CONTEXTS[0] | changed, "Nia", 0, "s")
        other.context |= changed
        assert skeleton.letter_for(other) == render(other)
        assert skeleton.letter_for(first) != skeleton.letter_for(other)


def test_few_letters_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(skeleton._KEPT + 20):
        skeleton.letter_for(message("password_changed", "en", {"centre": str(number)}, "Nia", 0, "s"))
    assert len(skeleton._known) == skeleton._KEPT
    assert portal_settings.TEMPLATES
