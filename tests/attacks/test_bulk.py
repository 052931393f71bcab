"""A110, A111: what a file of invites can try (INV-6), through the page that takes it."""

import csv
import io
import re
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.invites.bulk.reading import BadFile, sheet_of
from accounts.models import Invitation, InviteBatch
from permissions.models import Grant, Membership
from permissions.roles import Role
from portal.outbox.models import Message
from tests.cast import Cast, Person, invite, make_member

SignIn = Callable[[Person], Client]
HEAD = "First name,Last name,Email address,Account type"


def upload(browser: Client, content: str | bytes, *, follow: bool = True) -> str:
    data = content.encode() if isinstance(content, str) else content
    answer = browser.post(reverse("invite-many"), {"file": SimpleUploadedFile("people.csv", data)}, follow=follow)
    assert answer.status_code < 400, answer.status_code
    return answer.content.decode()


def problems(page: str) -> list[tuple[str, str, str]]:
    return re.findall(r'<th scope="row">Row (\d+)</th><td [^>]*>([^<]*)</td><td [^>]*>([^<]*)</td>', page)


def send(browser: Client) -> str:
    batch = InviteBatch.objects.latest("created_at")
    return browser.post(reverse("invite-many-check", args=[batch.pk]), follow=True).content.decode()


def nothing_happened() -> bool:
    return not (Invitation.objects.exists() or InviteBatch.objects.exists() or Message.objects.filter(kind="invite").exists())


def test_a110_a_cell_that_a_spreadsheet_would_run_is_refused(cast: Cast, signed_in: SignIn) -> None:
    columns = ["First name", "Last name", "Email address", "Account type", "Job role", "Title"]
    rows: list[str] = []
    expected = []
    for column in ("First name", "Job role", "Title"):
        for sign in "=+-@＝＋＠|":
            cells = dict(zip(columns, ["Elin", "Wyn", f"e{len(rows)}@glan.example", "User", "", ""], strict=True))
            rows.append(",".join((cells | {column: f"{sign}cmd"}).values()))
            expected.append((str(len(rows) + 1), column, "Remove the sign at the beginning"))
    page = upload(signed_in(cast.exams_officer), "\n".join([",".join(columns), *rows]))
    assert problems(page) == expected
    assert nothing_happened()


def test_a110_the_files_we_give_hold_no_formula(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, f"{HEAD}\nElin,Wyn,e@glan.example,User\n")
    send(browser)
    Invitation.objects.update(first_name="=HYPERLINK(1)", last_name="x")
    for name, arguments in (("invite-many-template", []), ("invite-many-list", [InviteBatch.objects.get().pk])):
        answer = browser.get(reverse(name, args=arguments))
        assert answer["Content-Type"].startswith("text/csv")
        assert answer["Content-Disposition"].startswith("attachment")
        cells = [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row]
        assert cells
        assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]


@pytest.mark.parametrize("role", ["EO", "Exams Officer", "exams_officer", "Swyddog Arholiadau", "staff", "superuser"])
def test_a111_no_file_makes_an_exams_officer_or_staff(cast: Cast, signed_in: SignIn, role: str) -> None:
    page = upload(signed_in(cast.exams_officer), f"{HEAD}\nElin,Wyn,e@glan.example,{role}\nTom,Rees,t@glan.example,User\n")
    assert [(row, column) for row, column, _said in problems(page)] == [("2", "Account type")]
    assert nothing_happened()


@pytest.mark.parametrize("right", ["A2C Access Keys", "Make Entries", "View Results under embargo"])
def test_a76_no_file_gives_a_user_what_no_user_may_have(cast: Cast, signed_in: SignIn, right: str) -> None:
    page = upload(signed_in(cast.exams_officer), f"{HEAD},{right}\nElin,Wyn,e@glan.example,User,yes\n")
    assert ("2", right, "This access cannot be given to this account.") in problems(page)
    assert nothing_happened()


def test_a76_an_admin_without_the_embargo_gives_it_by_no_file(cast: Cast, signed_in: SignIn) -> None:
    Grant.objects.filter(membership=cast.admin.membership, level="view_embargoed").delete()
    browser = signed_in(cast.admin)
    assert problems(upload(browser, f"{HEAD},View Results under embargo\nElin,Wyn,e@glan.example,Admin,yes\n"))
    upload(browser, f"{HEAD}\nElin,Wyn,e@glan.example,Admin\n")
    send(browser)
    assert not Grant.objects.filter(membership__invitation__isnull=False, level="view_embargoed").exists()


NO_LISTS = [
    b"", b"\n\n", b"\x00", HEAD.encode() + b"\nElin\x00,Wyn,e@glan.example,User\n", b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest",
    b"\xff\xfe\x00", b"sep=;\n", HEAD.encode(), b'"' + HEAD.encode() + b'"x\nElin', b"First name,First name\na,b\n",
    b"Name;Email\nElin;e@glan.example\n", b"\xef\xbb\xbf", b"a" * 200_000, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
]  # fmt: skip


def test_a111_what_is_no_list_of_people_is_refused_in_words(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    for content in NO_LISTS:
        assert "There is a problem" in upload(browser, content), content[:30]
    assert nothing_happened()


def test_a111_at_most_500_rows_and_5_mb(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    rows = "".join(f"Elin,Wyn,e{number}@glan.example,User\n" for number in range(501))
    assert "500 people or fewer" in upload(browser, f"{HEAD}\n{rows}")
    with pytest.raises(BadFile, match="5 MB"):
        sheet_of(b"x" * (5 * 1024 * 1024 + 1))
    assert len(sheet_of(f"{HEAD}\n{rows}".encode()[: -len("Elin,Wyn,e500@glan.example,User\n")]).rows) == 500
    assert nothing_happened()


@pytest.mark.parametrize("unit", [b",", b"\n", b"a,", b'"",', b"\r", b'"', b"a\n", "ŵ".encode()])
def test_a111_five_megabytes_of_anything_are_read_or_refused_at_once(unit: bytes) -> None:
    content = HEAD.encode() + b"\n" + unit * (5 * 1024 * 1024 // len(unit) - len(HEAD))
    start = time.process_time()
    with pytest.raises(BadFile):
        sheet_of(content)
    assert time.process_time() - start < 5


ODD_FILES = {
    "mark": ("﻿" + HEAD + "\nSiân,Ŵyn,e@glan.example,User\n").encode(),
    "semicolons": (HEAD + "\nSiân,Ŵyn,e@glan.example,User\n").replace(",", ";").encode(),
    "separator named": ("sep=;\r\n" + HEAD + "\r\nSiân,Ŵyn,e@glan.example,User\r\n").replace(",", ";").encode(),
    "utf-16": (HEAD + "\nSiân,Ŵyn,e@glan.example,User\n").replace(",", "\t").encode("utf-16"),
    "reordered": "Email address,Account type,Last name,First name\nE@Glan.example,user account,Ŵyn,Siân\n".encode(),
    "welsh": "Enw cyntaf,Cyfenw,Cyfeiriad e-bost\nSiân,Ŵyn,e@glan.example\n".encode(),
    "blank lines": (HEAD + "\n\n,,,\nSiân,Ŵyn, e@glan.example ,\n\n").encode(),
    "quoted": '"First name","Last name","Email address"\n"Siân","Ŵyn","e@glan.example"\n'.encode(),
    "another column": "First name,Last name,Email address,Candidate\nSiân,Ŵyn,e@glan.example,7\n".encode(),
}


@pytest.mark.parametrize("kind", ODD_FILES)
def test_a111_files_of_every_spreadsheet_are_read(cast: Cast, signed_in: SignIn, kind: str) -> None:
    browser = signed_in(cast.exams_officer)
    page = upload(browser, ODD_FILES[kind])
    assert "1 person will be invited." in page, page
    assert ("Candidate" in page) == (kind == "another column")
    send(browser)
    sent = Invitation.objects.get()
    assert (sent.first_name, sent.last_name, sent.email, sent.role) == ("Siân", "Ŵyn", "e@glan.example", Role.USER)


def test_a111_windows_1252_is_read(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, f"{HEAD}\nSiân,O’Neill,e@glan.example,User\n".encode("cp1252"))
    send(browser)
    assert Invitation.objects.get().full_name == "Siân O’Neill"


def test_a111_all_or_nothing_with_every_problem_named(cast: Cast, signed_in: SignIn) -> None:
    invite(cast.exams_officer, "waiting@glan.example")
    make_member(cast.centre, Role.ADMIN, "second@glan.example")
    rows = [
        "Good,One,good@glan.example,User",
        "Twice,One,good@glan.example,User",
        "Twice,Two,GOOD@glan.example,User",
        "Here,Already,user@glan.example,User",
        "Waits,Already,waiting@glan.example,User",
        "First,Admin,a1@glan.example,Admin",
        "Second,Admin,a2@glan.example,Admin",
        "www.evil.example,Link,link@glan.example,User",
        ",Nobody,no@glan.example,User",
        "No,Address,nowhere,User",
        "Too,Much,much@glan.example,User,more",
    ]
    page = upload(signed_in(cast.exams_officer), "\n".join([HEAD, *rows]))
    found = {(int(row), column): said for row, column, said in problems(page)}
    assert found.keys() == {
        (3, "Email address"), (4, "Email address"), (5, "Email address"), (6, "Email address"), (8, "Account type"),
        (9, "First name"), (10, "First name"), (11, "Email address"), (12, ""),
    }  # fmt: skip
    assert found[(4, "Email address")] == "The same email address stands in row 2"
    assert found[(8, "Account type")] == "All 3 Admin accounts are in use"
    assert Invitation.objects.count() == 1
    assert not InviteBatch.objects.exists()


def test_a08_a_file_tells_nothing_of_accounts_elsewhere(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    page = upload(browser, f"{HEAD}\nHuw,Parry,eo@cwm.example,User\nElin,Wyn,e@glan.example,User\n")
    assert "2 people will be invited." in page
    page = send(browser)
    lines = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)[1:]
    shapes = {re.sub(r"Huw Parry|Elin Wyn|eo@cwm|e@glan|[0-9a-f-]{36}", "", line) for line in lines}
    assert len(lines) == 2
    assert len(shapes) == 1


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=300).map(str.encode), st.text("\",;\t\r\n=@aé'\x00", max_size=200).map(str.encode))
)
def test_a111_any_bytes_are_a_sheet_or_a_refusal(content: bytes) -> None:
    for data in (content, HEAD.encode() + b"\n" + content):
        with suppress(BadFile):
            assert sheet_of(data).rows


@pytest.fixture
def officer(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.exams_officer)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(st.text(max_size=30), max_size=6), max_size=4))
def test_a111_any_rows_are_never_a_server_error(officer: Client, rows: list[list[str]]) -> None:
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows([[*HEAD.split(","), "Language preference", "View Entries"], *rows])
    upload(officer, sheet.getvalue().encode("utf-8", "surrogatepass"), follow=False)
    assert not Invitation.objects.exists()
    assert Membership.objects.filter(user=None).count() == 0
