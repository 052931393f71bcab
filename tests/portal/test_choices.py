"""A stored choice in words: as Django says it, at a fraction of the cost."""

import pytest
from django.utils import translation

from permissions.models import Membership
from permissions.roles import Role
from portal.choices import label_of
from services.exams.levels import QualificationKind
from services.exams.models import Item, Option, Qualification


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_choice_reads_as_its_label_in_the_language_of_the_page(language: str) -> None:
    with translation.override(language):
        assert [Membership(role=role).get_role_display() for role in Role.values] == [str(label) for label in Role.labels]
        assert [Qualification(kind=kind).get_kind_display() for kind in QualificationKind.values] == list(
            map(str, QualificationKind.labels)
        )
        assert [Option(item=item).get_item_display() for item in Item.values] == [str(label) for label in Item.labels]


def test_a_value_that_is_no_choice_reads_as_itself() -> None:
    assert label_of(Role, "") == ""
    assert label_of(Role, "head") == "head"
