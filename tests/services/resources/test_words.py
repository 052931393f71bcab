"""SVC-8: what titles and codes are found by, alike on every database; PostgreSQL answers from its index."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from services.exams.models import Component
from services.files.models import FileState, PublishedFile
from services.resources.gate import Reader
from services.resources.models import Resource
from services.resources.queries import page_of
from services.resources.words import LONGEST, asked_words, has_words, kept_words
from tests.cast import Cast
from tests.exams import HOUR
from tests.papers import make_resource


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


def found(cast: Cast, words: str) -> set[str]:
    book = page_of(Reader(cast.centre, takes_papers=True), words=words, narrowed={}, page=1)
    assert book.found == len(book.rows)
    return {row.title_en for row in book.rows}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3300U10-1", " 3300u101 3300u10 1"),
        ("Mathematics - Numeracy", " mathematics numeracy"),
        ("Dŵr a thŷ", " dwr a thy"),
        ("Pre-release pre", " prerelease pre release"),
        ("Students’ £80 (new)", " students 80 new"),
        ("_ ' \0 -", ""),
    ],
)
def test_titles_and_codes_are_kept_as_words_and_their_parts(text: str, words: str) -> None:
    assert kept_words([text]) == words


def test_what_there_is_no_room_for_ends_between_words() -> None:
    kept = kept_words(["3300/01", " ".join(f"word{number}" for number in range(300))])
    assert LONGEST - 10 < len(kept) <= LONGEST
    assert kept.startswith(" 330001 3300 01 word0 ")
    assert kept.rpartition(" ")[2] in {f"word{number}" for number in range(300)}


@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_a_few_plain_words(text: str) -> None:
    words = asked_words(text)
    assert len(words) <= 8
    assert all(word.isalnum() and word == word.casefold() for word in words)


BOTH = {"Biology", "Bioleg ŵy"}
SEARCHES: list[tuple[str, set[str]]] = [
    ("3300U10-1", {"Biology"}),
    ("3300u10", {"Biology"}),
    ("3300U101", {"Biology"}),
    ("3300", BOTH),
    ("U10", set()),
    ("gcse 3300U10-1 biology", set()),
    ("2026 biology", {"Biology"}),
    ("biology 3300u10-1 2026", {"Biology"}),
    ("WY bioleg", {"Bioleg ŵy"}),
    ("wy BIO 3300", {"Bioleg ŵy"}),
    ("bio", BOTH),
    ("gwersi", {"Biology"}),
    ("math", BOTH),
    ("", BOTH),
    ("'; DROP --", set()),
    ("%", set()),
    ("_ioleg", set()),
    ("' | 'bio':*", BOTH),
    ("1e5 \\ <-> & bio", set()),
    ("\U0001f600", set()),
    ("bio " * 50, BOTH),
]


def test_words_are_found_in_any_order_in_both_languages_and_codes_by_their_beginnings(cast: Cast) -> None:
    make_resource(title="Bioleg ŵy")
    one = make_resource(title="Biology")
    one.component = Component.objects.create(code="3300U10-1", maximum=80, title_en="Unit 1", title_cy="Uned 1")
    one.title_cy = "Gwersi’r ardd"
    one.save()
    assert {typed: found(cast, typed) for typed, _titles in SEARCHES} == dict(SEARCHES)


def test_only_what_the_gate_lets_through_is_found_and_counted(cast: Cast) -> None:
    make_resource(title="Biology")
    make_resource(title="Biology later", general=clock.now() + HOUR)
    make_resource(title="Biology today", starts=clock.now())
    hidden = make_resource(title="Biology in quarantine")
    PublishedFile.objects.filter(pk=hidden.file_id).update(state=FileState.QUARANTINED)
    gone = make_resource(title="Biology withdrawn")
    Resource.objects.behind_the_gate().filter(pk=gone.pk).update(withdrawn_at=clock.now())
    for typed in ("biology", "bio 3300/01", "3300"):
        assert found(cast, typed) == {"Biology"}
    assert found(cast, "later") == found(cast, "today") == found(cast, "quarantine") == found(cast, "withdrawn") == set()


def test_the_migration_writes_the_words_of_what_there_is_anew(cast: Cast) -> None:
    """With the rows as a migration has them: not asked by the gate's manager."""
    made = make_resource(title="Dŵr-oer")
    everything = Resource.objects.behind_the_gate()
    everything.update(searched=" old")
    rows = SimpleNamespace(objects=SimpleNamespace(using=lambda _alias: everything))
    import_module("services.resources.migrations.0002_full_text").write_words(
        SimpleNamespace(get_model=lambda *_name: rows), SimpleNamespace(connection=connection)
    )
    assert everything.get(pk=made.pk).searched == made.searched != " old"


def test_postgresql_answers_from_its_index(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    make_resource()
    with connection.cursor() as cursor:
        # Among a few rows another way may be as cheap by what the planner knows of them; only this index serves the words.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = Resource.objects.behind_the_gate().filter(has_words("math 3300/01")).explain()
    assert "resource_words" in plan
