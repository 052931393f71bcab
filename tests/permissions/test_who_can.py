"""ROLE: the help page is drawn from the access table and the policy."""

from django.test import Client
from django.urls import reverse

from permissions.access import ALWAYS, TABLE
from permissions.roles import Role
from permissions.who_can.table import CELLS, people, services


def test_role_the_page_says_for_every_right_and_role_what_the_table_says() -> None:
    for line, (right, row) in zip(services(), TABLE.items(), strict=True):
        assert [str(cell) for _role, cell in line.cells] == ["Always" if right in ALWAYS else str(CELLS[row[role]]) for role in Role]


def test_inv2_man2_the_page_says_who_manages_whom() -> None:
    said = {str(line.what): [str(cell) for _role, cell in line.cells] for line in people()}
    assert said["Invite and delete Admins"] == ["Yes", "Yes", "No"]
    assert said["Invite and delete the Exams Officer"] == ["No", "No", "No"]
    assert said["Suspend and restore Admins and Users"] == ["Yes", "No", "No"]


def test_role_the_page_is_part_of_help_in_text_and_in_both_languages() -> None:
    browser = Client()
    page = browser.get(reverse("who-can-do-what")).content.decode()
    assert page.count("<caption>") == 2
    assert "By default" in page
    assert reverse("who-can-do-what") in browser.get(reverse("help")).content.decode()
