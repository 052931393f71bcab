"""What is being set up belongs to the browser that began it: nobody else who knows the password reads or finishes it (A05, A50)."""

import re
from typing import Any

from django.urls import reverse

from accounts.factors.totp.rules import code_at, step_at
from accounts.models import Factor, Method, User
from portal import clock
from tests.cast import Cast, half_sign_in

KEY = re.compile(r"\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}\b")


def _key(page: Any) -> str:
    found = KEY.search(page.content.decode())
    assert found
    return found[0].replace(" ", "")


def _code(key: str) -> str:
    return code_at(key, step_at(clock.now().timestamp()))


def test_a50_each_browser_is_shown_a_key_of_its_own_and_proves_that_one_only(cast: Cast) -> None:
    Factor.objects.filter(user=cast.user.user).delete()
    thief, owner = half_sign_in(cast.user), half_sign_in(cast.user)
    seen_by_thief = _key(thief.get(reverse("factor-app")))
    assert _key(thief.get(reverse("factor-app"))) == seen_by_thief, "the same while nobody else begins"
    own = _key(owner.get(reverse("factor-app")))
    assert own != seen_by_thief
    assert thief.post(reverse("factor-app"), {"code": _code(seen_by_thief)}).status_code == 200
    own = _key(owner.get(reverse("factor-app")))
    assert owner.post(reverse("factor-app"), {"code": _code(own)})["Location"] == reverse("home")
    assert Factor.objects.get(user=cast.user.user).seed == own


def test_a05_neither_the_profiles_number_nor_one_begun_elsewhere_is_shown_to_whoever_knows_the_password(cast: Cast) -> None:
    Factor.objects.filter(user=cast.user.user).delete()
    User.objects.filter(pk=cast.user.user.pk).update(phone="+447700900456")
    owner, thief = half_sign_in(cast.user), half_sign_in(cast.user)
    owner.post(reverse("factor-sms"), {"number": "07700 900123", "send": "1"})
    assert "900123" in owner.get(reverse("factor-sms")).content.decode().replace(" ", "")
    page = thief.get(reverse("factor-sms")).content.decode().replace(" ", "")
    assert "900123" not in page
    assert "900456" not in page
    assert Factor.objects.get(user=cast.user.user, method=Method.SMS).number == "+447700900123"
