"""A candidate's awards in a line of the list. A page has hundreds of them, so they are put together here and not by a template."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from services.exams.levels import QualificationKind
from services.results.models import Indicator


class Award(NamedTuple):
    """What stands in the list of one award."""

    kind: str
    title: str
    grade: str
    indicator: str


def in_one_line(awards: Iterable[Award]) -> SafeString:
    """Return awards in one line; at GCSE, where nearly all are, the kind goes without saying. Everything of ours and theirs is escaped."""
    return mark_safe("; ".join(map(_award, awards)))  # noqa: S308  (of escaped parts)


def _award(award: Award) -> str:
    # html's own `escape` takes a sixth of what Django's does, which first asks whether its text is to be translated later.
    kind = "" if award.kind == QualificationKind.GCSE else f"{escape(str(QualificationKind(award.kind).label))} "
    sign = f' <abbr title="{escape(str(Indicator(award.indicator).label))}">{escape(award.indicator)}</abbr>' if award.indicator else ""
    return f"{kind}{escape(award.title)} <strong>{escape(award.grade)}</strong>{sign}"
