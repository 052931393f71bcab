"""Release gate: a query whose text is kept passes the gate like any other, and answers for the centre of each look."""

import pytest
from django.db import connection

from portal import clock
from services.releases.artefacts import Artefact
from services.releases.fixed import SeenQuery
from services.releases.gate import Look, Sight
from services.releases.gated import UngatedRead
from services.results.models import Result
from tests.cast import Cast
from tests.exams import HOUR, make_results, make_sitting, release

MINE = SeenQuery(lambda look: Result.objects.seen_by(look).values_list("centre"))


def test_the_gate_judges_each_question_though_the_text_is_kept(cast: Cast) -> None:
    make_results(cast.centre)
    now = clock.now()
    look = Look(cast.centre, Sight.RELEASED)
    seen = []
    for general in (now + HOUR, now - HOUR, now + HOUR):
        release(make_sitting(), Artefact.RESULTS, restricted=now - 2 * HOUR, general=general)
        seen.append((len(MINE.seen(look)), len(MINE.seen(Look(cast.centre, Sight.EMBARGOED)))))
    assert seen == [(0, 2), (2, 2), (0, 2)]


def test_each_look_sees_its_own_centre_whoever_asked_first(cast: Cast) -> None:
    make_results(cast.centre, many=3)
    make_results(cast.other_centre, many=1)
    release(make_sitting())
    for centre, many in ((cast.centre, 3), (cast.other_centre, 1), (cast.centre, 3)):
        assert MINE.seen(Look(centre, Sight.RELEASED), centre=cast.centre.pk) == [(centre.pk,)] * many


def test_what_did_not_pass_the_gate_is_not_put_together(cast: Cast) -> None:
    for ungated in (
        SeenQuery(lambda _look: Result.objects.values_list("pk")),
        SeenQuery(lambda _look: Result.objects.all().values_list("pk")),
    ):
        with pytest.raises(UngatedRead):
            ungated.seen(Look(cast.centre, Sight.RELEASED))
    with pytest.raises(KeyError), connection.cursor():
        MINE.rows(Look(cast.centre, Sight.RELEASED).of_any_centre)
