"""A demonstration's past papers: made-up papers and marking schemes of two years, and a question paper that is sat within the hour."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from portal import clock
from services.exams.models import Component, Entry, Option
from services.files.models import FileKind, PublishedFile
from services.formats.typeset import Document
from services.resources.models import ResourceKind, ResourceLanguage
from services.resources.publishing import About, add_resource, confirm_times

_YEARS: Final = (2024, 2025)
_MONTH: Final = 6
_WHEN: Final = {"en": "June", "cy": "Mehefin"}
_SOON: Final = timedelta(minutes=45)
_SAMPLE: Final = {
    "en": "A sample for the demonstration of Portal. It was never sat.",
    "cy": "Sampl ar gyfer arddangosiad Porth. Ni chafodd ei sefyll erioed.",
}
_QUESTIONS: Final = {
    "en": (
        "Write 36 as a product of prime numbers. [2]",
        "Solve 3x = 21. [3]",
        "Find the new price of a coat of £80 after a fall of 15%. [5]",
    ),
    "cy": (
        "Ysgrifennwch 36 fel lluoswm rhifau cysefin. [2]",
        "Datryswch 3x = 21. [3]",
        "Darganfyddwch bris newydd côt £80 ar ôl gostyngiad o 15%. [5]",
    ),
}
_ANSWERS: Final = {
    "en": ("2 x 2 x 3 x 3: M1 for one prime factor, A1.", "x = 7: M1, A1, A1.", "£68: M1 for 12, M1 for taking it away, A1."),
    "cy": ("2 x 2 x 3 x 3: M1 am un ffactor gysefin, A1.", "x = 7: M1, A1, A1.", "£68: M1 am 12, M1 am ei dynnu, A1."),
}


def fill(**_signal: Any) -> None:
    """Fill in what is missing, once. Told by the command that only demonstrations have."""
    staff = list(User.objects.filter(is_staff=True).order_by("email")[:2])
    if len(staff) < 2 or PublishedFile.objects.exclude(kind=FileKind.SCRIPT).exists():  # noqa: PLR2004  (a paper's times take two people)
        return
    make(staff)


@transaction.atomic
def make(staff: list[User]) -> None:
    """Make papers and schemes of every component there is, and one paper of today."""
    for component in Component.objects.order_by("code"):
        option = component.options.select_related("qualification").order_by("code").first()
        if option is None:
            continue
        for year in _YEARS:
            for language in (ResourceLanguage.ENGLISH, ResourceLanguage.WELSH):
                _add(staff[0], component, option, ResourceKind.PAPER, language, year)
            _add(staff[0], component, option, ResourceKind.SCHEME, ResourceLanguage.BOTH, year)
    _todays(staff)


def _add(actor: User, component: Component, option: Option, kind: ResourceKind, language: ResourceLanguage, year: int) -> None:
    out = datetime.combine(datetime(year, 9, 1, tzinfo=clock.LONDON), time(9), tzinfo=clock.LONDON)
    titles = {f"title_{one}": f"{_title(component, kind, one)}, {_WHEN[one]} {year}" for one in ("en", "cy")}
    about = About(
        qualification=option.qualification, component=component, kind=kind, language=language, year=year, month=_MONTH, starts_at=None,
        general_at=out, **titles,
    )  # fmt: skip
    add_resource(actor=actor, about=about, content=_document(component, kind, language, titles))


def _todays(staff: list[User]) -> None:
    """Make a question paper that entered centres see now, and everybody tomorrow."""
    entry = (
        Entry.objects.filter(option__components__isnull=False, withdrawn_at=None)
        .select_related("candidate__series", "option__qualification")
        .order_by("-candidate__series__year", "-candidate__series__month", "option__code")
        .first()
    )
    component = Component.objects.filter(options=entry.option).order_by("code").first() if entry else None
    if entry is None or component is None:
        return
    series, starts = entry.candidate.series, clock.now() + _SOON
    titles = {f"title_{one}": _title(component, ResourceKind.PAPER, one) for one in ("en", "cy")}
    about = About(
        qualification=entry.option.qualification, component=component, kind=ResourceKind.PAPER, language=ResourceLanguage.ENGLISH,
        year=series.year, month=series.month, starts_at=starts, general_at=starts + timedelta(days=1), **titles,
    )  # fmt: skip
    made = add_resource(
        actor=staff[0], about=about, content=_document(component, ResourceKind.PAPER, ResourceLanguage.ENGLISH, titles)
    )  # fmt: skip
    confirm_times(actor=staff[1], resource=made)


def _title(component: Component, kind: ResourceKind, language: str) -> str:
    title: str = getattr(component, f"title_{language}")
    if kind is ResourceKind.PAPER:
        return title
    return f"{title} - marking scheme" if language == "en" else f"{title} - cynllun marcio"


def _document(component: Component, kind: ResourceKind, language: ResourceLanguage, titles: dict[str, str]) -> Document:
    """Write it, in one language or in both, each on a page of its own."""
    spoken = ("en", "cy") if language is ResourceLanguage.BOTH else (language.value,)
    lines = _QUESTIONS if kind is ResourceKind.PAPER else _ANSWERS
    pages = tuple(
        (
            f"# {titles[f'title_{one}']}",
            component.code,
            _SAMPLE[one],
            "",
            *(f"{number}. {line}" for number, line in enumerate(lines[one], start=1)),
        )
        for one in spoken
    )
    return Document(title=titles[f"title_{spoken[0]}"], language=spoken[0], pages=pages)
