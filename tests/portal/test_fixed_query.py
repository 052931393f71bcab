"""Fixed queries: the text is kept, the answer never; values come in as Django would take them."""

import uuid

import pytest
from django.db import connection
from django.db.models import CharField, F, UUIDField
from django.test.utils import CaptureQueriesContext

from permissions.models import Centre
from portal import fixed_query
from portal.fixed_query import COUNTED, Among, FixedQuery, Given, GivenMany, columns, instance
from portal.outbox.models import Message
from tests.cast import make_centre

pytestmark = pytest.mark.django_db

BY_NUMBER = FixedQuery(lambda: Centre.objects.filter(number=Given("number", CharField())).values_list("name", "frozen_at"))
COUNT = FixedQuery(lambda: Message.objects.filter(Among(F("pk"), GivenMany("some", UUIDField()))).order_by().values_list(COUNTED))


def test_it_answers_anew_each_time_from_one_text() -> None:
    built = []

    def build() -> object:
        built.append(1)
        return Centre.objects.order_by("number").values_list("name")

    query = FixedQuery(build)  # type: ignore[arg-type]
    assert query.rows() == []
    make_centre()
    with CaptureQueriesContext(connection) as asked:
        assert query.rows() == [("Ysgol Glan y Mor",)]
    assert (len(built), len(asked)) == (1, 1)


def test_what_is_given_is_a_value_and_never_part_of_the_text() -> None:
    make_centre()
    assert [tuple(row) for row in BY_NUMBER.rows(number="68001")] == [("Ysgol Glan y Mor", None)]
    assert BY_NUMBER.rows(number="' OR '1'='1") == []
    with pytest.raises(KeyError):
        BY_NUMBER.rows()


def test_among_takes_any_number_of_values() -> None:
    made = [Message.objects.create(kind="test_email", recipient="a@b.example", language="en").pk for _number in range(3)]
    for some in ([], made[:1], made, [*made, uuid.uuid4()]):
        assert COUNT.rows(some=some) == [(len(set(some) & set(made)),)]


def test_a_row_becomes_the_object_that_django_makes() -> None:
    made = make_centre()
    query = FixedQuery(lambda: Centre.objects.values_list(*columns(Centre)))
    (row,) = query.rows()
    found = instance(Centre, row)
    assert found == Centre.objects.get(pk=made.pk)
    assert vars(found).keys() == vars(Centre.objects.get(pk=made.pk)).keys()
    assert not found._state.adding


def test_shapes_that_are_many_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_query, "_MOST_SHAPES", 3)
    query = FixedQuery(lambda first: Centre.objects.order_by("number").values_list("number")[first : first + 1])
    make_centre()
    assert [len(query.rows(first)) for first in range(8)] == [1, *[0] * 7]
    assert len(query._kept) <= 3
