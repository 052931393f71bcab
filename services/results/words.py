"""A candidate's awards in a line of the list. A page has hundreds of them, so they are put together here and not by a template."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString

from services.exams.levels import QualificationKind
from services.results.models import Indicator

_KEPT: Final = 4096
"""Awards kept in writing, of no candidate: titles times grades times languages."""


def in_one_line(awards: Iterable[str]) -> SafeString:
    """Return awards, each in words already, in one line."""
    return SafeString("; ".join(awards))


@lru_cache(maxsize=_KEPT)
def award_in_words(kind: str, title: str, grade: str, indicator: str, _language: str) -> str:
    """Write one award, escaped, in the page's language, which is `_language`; thousands of candidates share the same few hundred.

    At GCSE, where nearly all are, the kind goes without saying.
    """
    said = "" if kind == QualificationKind.GCSE else f"{QualificationKind(kind).label} "
    sign = f' <abbr title="{escape(Indicator(indicator).label)}">{escape(indicator)}</abbr>' if indicator else ""
    return f"{escape(said)}{escape(title)} <strong>{escape(grade)}</strong>{sign}"
