"""The pages of recovery codes: shown once, printed, copied, kept as a file (MFA-2, P10)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.factors.recovery.flow import codes_left, use_code
from accounts.models import RecoveryCode
from portal import clock
from tests.accounts.methods.fresh import confirm
from tests.cast import Cast, Person, half_sign_in, let_in

CODE = re.compile(r"\b[0-9a-z]{4}(?:-[0-9a-z]{4}){3}\b")


def shown(page: str) -> list[str]:
    return re.findall(r"<li>([0-9a-z-]{19})</li>", page)


def made(person: Person) -> tuple[Client, list[str], str]:
    client = let_in(person)
    confirm(client, person)
    answer = client.post(reverse("recovery-codes"))
    assert answer.status_code == 200
    page = answer.content.decode()
    return client, shown(page), page


def test_mfa2_ten_codes_are_shown_in_the_one_answer_that_makes_them(cast: Cast) -> None:
    client, codes, _page = made(cast.user)
    assert len(codes) == 10
    assert codes_left(cast.user.user) == 10
    assert not [code for code in codes if code in str(dict(client.session))]
    again = client.get(reverse("recovery-codes")).content.decode()
    assert not CODE.search(again)
    assert re.search(r"Recovery codes left</dt><dd>10<", again)
    assert "Make new codes" in again
    assert "no-store" in client.get(reverse("recovery-codes"))["Cache-Control"]
    assert use_code(user=cast.user.user, text=codes[0]) == 9


def test_p19_new_codes_need_a_fresh_confirmation_which_they_use_up(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = let_in(cast.user)
        assert client.post(reverse("recovery-codes"))["Location"] == reverse("confirm", args=["recovery"])
        confirm(client, cast.user)
        traveller.move_to(start + timedelta(minutes=5, seconds=1))
        assert client.post(reverse("recovery-codes"))["Location"] == reverse("confirm", args=["recovery"])
        assert not RecoveryCode.objects.exists()
        confirm(client, cast.user)
        assert client.post(reverse("recovery-codes")).status_code == 200
        assert client.post(reverse("recovery-codes"))["Location"] == reverse("confirm", args=["recovery"])


def test_a40_half_signed_in_no_page_of_recovery_codes_opens(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    for name in ("recovery-codes", "recovery-codes-saved", "recovery-codes-file"):
        assert client.get(reverse(name))["Location"] == reverse("sign-in-factor")
        assert client.post(reverse(name), {"codes": "x"})["Location"] == reverse("sign-in-factor")


def test_ui37_the_codes_print_with_the_name_and_without_the_email(cast: Cast) -> None:
    """What prints is the page's own part; the band with the menu of the person's address does not (portal.css)."""
    _client, _codes, page = made(cast.user)
    main = page[page.index("<main") : page.index("</main>")]
    assert "Lowri Price" in main
    assert "user@glan.example" not in main


def test_ui238_the_codes_are_text_with_copy_print_and_download(cast: Cast) -> None:
    _client, _codes, page = made(cast.user)
    assert '<ul class="codes" id="codes"' in page
    assert 'data-copy="codes" hidden' in page
    assert "data-print hidden" in page
    assert re.search(r'<script nonce="[^"]+" defer src="/static/js/print[^"]*\.js"', page)
    assert "Download" in page


def test_mfa2_the_file_holds_the_codes_and_the_name(cast: Cast) -> None:
    client, codes, _page = made(cast.user)
    answer = client.post(reverse("recovery-codes-file"), {"codes": codes})
    assert answer["Content-Disposition"] == 'attachment; filename="portal-recovery-codes.txt"'
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert CODE.findall(text) == codes
    assert "Lowri Price" in text
    assert "user@glan.example" not in text


def test_mfa2_the_file_echoes_nothing_but_this_persons_live_codes(cast: Cast) -> None:
    _admin, others, _page = made(cast.admin)
    client, codes, _page = made(cast.user)
    use_code(user=cast.user.user, text=codes[0])
    sent = [codes[0], others[0], "<script>alert(1)</script>", "\x00", "x" * 5_000, codes[1]]
    text = client.post(reverse("recovery-codes-file"), {"codes": sent}).content.decode()
    assert CODE.findall(text) == [codes[1]]
    assert "script" not in text
    nothing = client.post(reverse("recovery-codes-file"), {"codes": others}, follow=True)
    assert nothing.redirect_chain == [(reverse("recovery-codes"), 302)]
    assert "no longer work" in nothing.content.decode()
    assert client.get(reverse("recovery-codes-file")).status_code == 405


def test_mfa2_going_on_needs_the_tick_and_the_codes_stay_in_sight(cast: Cast) -> None:
    client, codes, _page = made(cast.user)
    page = client.post(reverse("recovery-codes-saved"), {"codes": codes}).content.decode()
    assert "Save your recovery codes, then tick the box" in page
    assert shown(page) == codes
    assert client.post(reverse("recovery-codes-saved"), {"codes": codes, "saved": "on"})["Location"] == reverse("security")


@pytest.mark.parametrize("codes", [[], ["nonsense"]])
def test_mfa2_going_on_without_live_codes_leads_back(cast: Cast, codes: list[str]) -> None:
    client = let_in(cast.user)
    assert client.post(reverse("recovery-codes-saved"), {"codes": codes})["Location"] == reverse("recovery-codes")
    assert client.get(reverse("recovery-codes-saved"))["Location"] == reverse("recovery-codes")


def test_mfa1_staff_are_told_that_they_have_none(cast: Cast) -> None:
    client = let_in(cast.staff)
    confirm(client, cast.staff)
    for ask in (client.get, client.post):
        page = ask(reverse("recovery-codes"), follow=True).content.decode()
        assert "Members of staff sign in with an authenticator app only" in page
    assert not RecoveryCode.objects.exists()


def test_a88_making_new_codes_signs_out_everywhere_else(cast: Cast) -> None:
    other = let_in(cast.user)
    client, _codes, _page = made(cast.user)
    assert client.get(reverse("security")).status_code == 200
    assert other.get(reverse("security")).status_code == 302
