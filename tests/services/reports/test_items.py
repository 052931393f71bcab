"""SVC 6: item level data: a candidate's marks, the centre in context, charts with a table beside them, exports (formats.md 4.7)."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services.exams.models import Candidate
from services.reports.models import ItemMark, MarkState, Report
from tests.cast import Cast, let_in
from tests.exams import make_candidate, make_sitting, release
from tests.reports import KINDS, item, make_paper, make_reports, mark, people, publish

PAPER = ["2026-11-level-2", "3300QS/01"]


@pytest.fixture
def browser(cast: Cast) -> Client:
    release(make_sitting(), *KINDS)
    return let_in(cast.exams_officer)


def page_of(browser: Client, tail: str = "paper", *rest: object, **query: str) -> str:
    answer = browser.get(reverse(f"item-level-data-{tail}", args=[*PAPER, *rest]), query)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def file_of(browser: Client, tail: str) -> list[dict[str, str]]:
    answer = browser.get(reverse(f"item-level-data-{tail}", args=PAPER))
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def cells(page: str, item: str) -> list[str]:
    """Return the cells of an item's line in the table."""
    (row,) = re.findall(rf'<th scope="row">{item}\b.*?</th>(.*?)</tr>', page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]


def fill(cast: Cast, given: str, sexes: str = "") -> list[Candidate]:
    """Publish an item of 4 marks, and what became of it: a figure, or N, A, O."""
    publish(make_sitting(), Report.ITEMS, item())
    found = people(cast.centre, sexes or "F" * len(given))
    rows = [
        mark(one, int(what) if what.isdigit() else None, state="" if what.isdigit() else what, sex=sex.strip())
        for (one, sex), what in zip(found, given, strict=True)
    ]
    publish(make_sitting(), Report.MARKS, *rows)
    return [one for one, _sex in found]


def test_the_centre_stands_beside_all_centres(cast: Cast, browser: Client) -> None:
    """Four of six attempted it, mean 2.5 of 4; everywhere 3900 of 4000, mean 1.50."""
    fill(cast, "4231NA")
    assert cells(page_of(browser), "1") == ["4", "2.50", "1.50", "62.5", "37.5", "66.7", "97.5"]


def test_absent_not_attempted_and_not_chosen_are_no_zeros(cast: Cast, browser: Client) -> None:
    who = fill(cast, "44440NAO")
    assert cells(page_of(browser), "1")[1:6:2] == ["3.20", "80.0", "62.5"]
    for one, said in zip(who[3:], ("4", "0", "Not attempted", "Absent", "Optional, not chosen"), strict=True):
        assert cells(page_of(browser, "candidate", one.pk), "1")[1] == said
    assert {row["state"] for row in file_of(browser, "file")} == set(MarkState.values)
    assert [row["mark"] for row in file_of(browser, "file")][-4:] == ["0", "", "", ""]


def test_male_and_female_are_compared_with_male_and_female_everywhere(cast: Cast, browser: Client) -> None:
    fill(cast, "11144444", "MMMFFFFF")
    assert cells(page_of(browser, group="male"), "1")[1:3] == ["1.00", "1.40"]
    assert cells(page_of(browser, group="female"), "1")[1:3] == ["4.00", "1.60"]
    assert page_of(browser, group="nonsense").count("aria-current") == page_of(browser).count("aria-current")


def test_two_men_are_hidden_and_so_are_the_women_from_whom_theirs_would_follow(cast: Cast, browser: Client) -> None:
    """On the page, in its charts and in the file alike; the figures of all candidates stay."""
    fill(cast, "11144444", "MMFFFFFF")
    for group in ("male", "female"):
        page = page_of(browser, group=group)
        assert cells(page, "1")[1::2] == ["hidden", "hidden", "hidden"]
        assert page.count(">hidden</text>") == 2
        assert "Some figures are hidden" in page
        assert "4.00" not in page
    assert cells(page_of(browser), "1")[1] == "2.88"
    rows = {row["group"]: row for row in file_of(browser, "figures")}
    for group in ("male", "female"):
        assert {rows[group][f"centre_{name}"] for name in ("mean", "facility", "attempted")} == {"hidden"}
    assert rows["all"]["centre_mean"] == "2.88"


def test_a_mean_of_two_is_hidden_beside_a_candidates_mark_too(cast: Cast, browser: Client) -> None:
    one, _other = fill(cast, "34")
    page = page_of(browser, "candidate", one.pk)
    assert cells(page, "1") == ["4", "3", "hidden", "1.50"]
    assert {row["centre_mean"] for row in file_of(browser, "file")} == {"hidden"}


def test_a_chart_has_a_name_a_table_and_no_script_or_style(cast: Cast, browser: Client) -> None:
    fill(cast, "4444")
    page = page_of(browser)
    charts = re.findall(r"<svg class=\"chart\".*?</svg>", page, re.DOTALL)
    assert len(charts) == 2
    names = [re.search(r"<title id=\"([^\"]*)\">([^<]*)</title>", chart) for chart in charts]
    assert [name and name[2].partition(":")[0] for name in names] == ["Facility factor in per cent", "Attempted in per cent"]
    for chart, name in zip(charts, names, strict=True):
        assert name
        assert 'role="img"' in chart
        assert f'aria-labelledby="{name[1]} ' in chart
        assert not re.search(r"style=|<script|<style|on\w+=|href=", chart)
    assert '<rect class="mine" x="62" y="6" width="210" height="10"/>' in charts[0]
    assert '<rect class="theirs" x="62" y="18" width="78" height="10"/>' in charts[0]
    assert "The table on this page has the same numbers." in page


def test_a_long_paper_has_as_many_charts_as_fit_a_printed_page(cast: Cast, browser: Client) -> None:
    publish(make_sitting(), Report.ITEMS, *(item(str(number)) for number in range(1, 41)))
    one = make_candidate(cast.centre, make_sitting())
    publish(make_sitting(), Report.MARKS, *(mark(one, 1, str(number)) for number in range(1, 41)))
    page = page_of(browser, "candidate", one.pk)
    assert page.count('<svg class="chart"') == 3
    assert "items 37 to 40" in page
    assert len(set(re.findall(r'id="(marks-\d+-name)"', page))) == 3


def test_search_finds_by_name_and_number_and_leaves_no_name_in_the_address(cast: Cast, browser: Client) -> None:
    make_reports(cast.centre)
    url = reverse("item-level-data-candidates", args=PAPER)
    for words in ("rhydderch aad", "0003"):
        answer = browser.post(url, {"search": words})
        assert words.split()[0] not in answer["Location"]
        found = browser.get(answer["Location"])
        assert [row.number for row in found.context["book"].rows] == ["0003"]
        assert found.context["book"].rows[0].total == 4
    assert browser.post(url, {"search": ""})["Location"] == url
    assert "No candidates found" in browser.get(browser.post(url, {"search": "neb"})["Location"]).content.decode()


def test_candidates_come_by_pages(cast: Cast, browser: Client) -> None:
    make_reports(cast.centre, sexes="F" * 120)
    answer = browser.get(reverse("item-level-data-candidates", args=PAPER))
    assert "Showing 1 to 50 of 120 candidates" in answer.content.decode()
    answer = browser.get(browser.get(answer.context["next"]).context["next"])
    assert [row.number for row in answer.context["book"].rows][::19] == ["0101", "0120"]
    assert answer.context["next"] == ""
    assert browser.get(answer.context["previous"]).context["book"].first == 51


def test_a_changed_mark_keeps_what_it_was(cast: Cast, browser: Client) -> None:
    one = fill(cast, "1")[0]
    publish(make_sitting(), Report.MARKS, mark(one, 3))
    page = page_of(browser, "candidate", one.pk)
    assert "Re-issued" in page
    assert cells(page, "1")[1] == "3"
    assert re.search(r"Before:\s+1", page)
    stored = ItemMark.objects.behind_the_gate().order_by("version").values_list("mark", "version", "current")
    assert list(stored) == [(1, 1, False), (3, 2, True)]


@pytest.mark.parametrize(
    "wrong",
    [{"mark": 5}, {"state": "A"}, {"mark": None}, {"state": "Z"}, {"sex": "x"}, {"version": 0}],
)
def test_the_database_refuses_a_mark_that_cannot_be(cast: Cast, browser: Client, wrong: dict[str, Any]) -> None:
    fill(cast, "1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemMark.objects.filter(item="1").update(**wrong)


def test_figures_of_all_centres_are_published_and_never_counted_again(cast: Cast, browser: Client) -> None:
    fill(cast, "1111")
    make_paper()
    strangers = [mark(make_candidate(cast.other_centre, make_sitting(), number), 4) for number in range(1, 9)]
    publish(make_sitting(), Report.MARKS, *strangers)
    assert cells(page_of(browser), "1")[2] == "1.50"


def test_queries_are_as_many_for_many_candidates_as_for_few(cast: Cast, browser: Client) -> None:
    make_reports(cast.centre, sexes="FM" * 60)
    make_reports(cast.other_centre, sexes="FFF")
    asked = []
    for person in (cast.exams_officer, cast.other_exams_officer):
        theirs, counts = let_in(person), []
        one = Candidate.objects.filter(centre=person.membership.centre)[0]
        for tail, rest in (("paper", []), ("candidates", []), ("candidate", [one.pk]), ("file", []), ("figures", [])):
            with CaptureQueriesContext(connection) as queries:
                assert theirs.get(reverse(f"item-level-data-{tail}", args=[*PAPER, *rest])).status_code == 200
            counts.append(len(queries))
        asked.append(counts)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 14


def test_sex_leaves_the_portal_in_no_file_and_stands_on_no_page_of_a_candidate(cast: Cast, browser: Client) -> None:
    one = fill(cast, "1234", "MMMM")[0]
    assert "sex" not in file_of(browser, "file")[0]
    assert not re.search(r"\b(Fem|M)ale\b", page_of(browser, "candidate", one.pk))
