"""Item level data: groups of one or two people are hidden, and nothing is shown from which theirs could be worked out (formats.md 4.7)."""

from itertools import product

import pytest

from services.reports.items.figures import Figure, Group, figure, rounded, tenths
from services.reports.items.small_groups import shown, side_by_side


def group(entered: int, attempted: int | None = None, mean: int = 200) -> Group:
    attempted = entered if attempted is None else attempted
    return Group(entered, attempted, mean if attempted else None)


def groups(male: Group, female: Group, unsaid: Group = Group()) -> dict[str, Group]:  # noqa: B008
    every = Group(male.entered + female.entered + unsaid.entered, male.attempted + female.attempted + unsaid.attempted, 200)
    return {"all": every, "male": male, "female": female}


@pytest.mark.parametrize(
    ("male", "female", "unsaid", "names"),
    [
        (5, 5, 0, {"all", "male", "female"}),
        (3, 3, 0, {"all", "male", "female"}),
        (1, 9, 0, {"all"}),
        (2, 9, 0, {"all"}),
        (9, 2, 0, {"all"}),
        (0, 9, 0, {"all", "male", "female"}),
        (2, 1, 0, {"all"}),
        (1, 1, 0, set()),
        (0, 2, 0, {"male"}),
        (5, 9, 1, {"all", "female"}),
        (5, 5, 3, {"all", "male", "female"}),
        (1, 8, 1, {"all"}),
        (2, 9, 5, {"all", "female"}),
    ],
)
def test_small_groups_are_hidden_and_so_is_what_would_give_them_away(male: int, female: int, unsaid: int, names: set[str]) -> None:
    assert shown(groups(group(male), group(female), group(unsaid))) == names


def test_one_who_attempted_an_item_among_many_is_hidden_too() -> None:
    assert shown(groups(group(6, 1), group(9, 9))) == {"all"}
    assert shown(groups(group(6, 0), group(9, 9))) == {"all", "male", "female"}
    assert shown(groups(group(6, 0), group(9, 2))) == {"male"}


def test_no_difference_of_shown_groups_is_one_or_two_people() -> None:
    """All cases of up to five people of each sex and of none said, each with each number of attempts."""
    sizes = [group(entered, attempted) for entered in range(5) for attempted in range(entered + 1)]
    for male, female, unsaid in product(sizes, repeat=3):
        found = groups(male, female, unsaid)
        names = shown(found)
        for count in ("entered", "attempted"):
            assert not {getattr(found[name], count) for name in names} & {1, 2}
            if "all" in names:
                rest = getattr(found["all"], count) - sum(getattr(found[name], count) for name in names - {"all"})
                assert rest not in {1, 2}, (male, female, unsaid, names)


def test_all_centres_less_this_one_is_a_group_as_well() -> None:
    centre = groups(group(10), group(10))
    for elsewhere, hidden in ((1, True), (2, True), (3, False), (0, False)):
        everywhere = groups(group(10 + elsewhere), group(10))
        found = side_by_side(centre, everywhere, 4)
        assert (found["male"][1].hidden, found["all"][1].hidden, found["female"][1].hidden) == (hidden, hidden, False)
        assert not found["male"][0].hidden


def test_the_formulas_are_those_of_the_field() -> None:
    """Facility factor: mean out of the maximum; attempted: of those entered. Rounded half up, to one decimal."""
    found = figure(Group(entered=8, attempted=6, mean=250), 4)
    assert (found.mean_text, found.facility_text, found.attempted_text) == ("2.50", "62.5", "75.0")
    assert (figure(Group(3, 3, 205), 6).facility_text, figure(Group(3, 2, 100), 3).attempted_text) == ("34.2", "66.7")
    assert figure(Group(5, 0, None), 4) == Figure(None, None, 0)
    assert figure(Group(), 4) == Figure()
    assert (rounded(25, 10), rounded(24, 10), tenths(None), tenths(5)) == (3, 2, "–", "0.5")
