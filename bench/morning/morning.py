"""The morning itself: people arrive by the clock, not when the one before is done, and each wait is counted from the moment it was due."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Final

from bench.morning.browser import Browser, WrongAnswer, now, trusting
from bench.morning.people import PASSWORD, SITTING, mark_of

_RESULTS: Final = f"/services/results/{SITTING}"
_SURNAME: Final = re.compile(rb"Zq[a-z]{3}qz")
_CENTRE: Final = re.compile(rb"(?<!\d)1\d{4}(?= Ysgol)")


@dataclass(frozen=True)
class Plan:
    """So many people evenly over so many seconds; each then reads so many pages, one after every `pause` seconds."""

    people: int
    seconds: float
    reads: int
    pause: float = 1.0


@dataclass
class Morning:
    """What came of it: seconds of whole sign-ins, their seven requests, and reads; and what went wrong."""

    sign_ins: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=dict)
    reads: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    late: float = 0.0
    """How late the clock of the load itself was at its worst, seconds: its own doing, counted all the same."""


def pages_for(person: dict[str, Any], many: int) -> list[str]:
    """Return what somebody reads this morning; ten are all of it."""
    pages = [
        "/services/results/day/", "/services/results/", f"{_RESULTS}/candidates/", f"{_RESULTS}/candidates/{person['candidate']}/",
        f"{_RESULTS}/subjects/", f"{_RESULTS}/subjects/3003QS/", f"{_RESULTS}/file/", "/services/reports/grade-boundaries/",
        f"/services/reports/grade-boundaries/{SITTING}/subject/", "/",
    ]  # fmt: skip
    return pages[:many]


def play(port: int, people: list[dict[str, Any]], plan: Plan) -> Morning:
    """Let the morning happen."""
    return asyncio.run(_play(port, people, plan))


async def _play(port: int, people: list[dict[str, Any]], plan: Plan) -> Morning:
    morning, tls, begin = Morning(), trusting(), now() + 0.5
    assert len(people) >= plan.people, "each person comes once"
    visits = [
        _visit(morning, Browser(port, _address(person), tls), person, begin + number * plan.seconds / plan.people, plan)
        for number, person in enumerate(people[: plan.people])
    ]
    await asyncio.gather(*visits)
    return morning


def _address(person: dict[str, Any]) -> str:
    """Return the address that a whole centre comes from."""
    return f"127.1.{person['centre'] // 250}.{person['centre'] % 250 + 1}"


async def _visit(morning: Morning, browser: Browser, person: dict[str, Any], due: float, plan: Plan) -> None:
    try:
        await asyncio.sleep(due - now())
        morning.late = max(morning.late, now() - due)
        await _sign_in(morning, browser, person)
        morning.sign_ins.append(now() - due)
        done = now()
        for number, page in enumerate(pages_for(person, plan.reads)):
            due = done + (number + 1) * plan.pause
            await asyncio.sleep(max(0.0, due - now()))
            await browser.get(page)
            morning.reads.setdefault(_kind(page), []).append(now() - due)
            check_own(browser.body, person, page)
    except WrongAnswer as wrong:
        morning.failures.append(str(wrong))
    finally:
        await browser.close()


async def _sign_in(morning: Morning, browser: Browser, person: dict[str, Any]) -> None:
    began = now()

    def done(step: str) -> None:
        nonlocal began
        morning.steps.setdefault(step, []).append(now() - began)
        began = now()

    await browser.get("/sign-in/")
    done("GET e-mail")
    await browser.post("/sign-in/", "/sign-in/password/", email=person["email"])
    done("POST e-mail")
    await browser.get("/sign-in/password/")
    done("GET password")
    await browser.post("/sign-in/password/", "/sign-in/code/", password=PASSWORD)
    done("POST password")
    await browser.get("/sign-in/code/")
    done("GET code")
    await browser.post("/sign-in/code/", "/", code=person["code"]())
    done("POST code")
    await browser.get("/")
    done("GET home")
    if person["number"].encode() not in browser.body:
        raise WrongAnswer(f"/: not the page of {person['number']}")


def check_own(body: bytes, person: dict[str, Any], page: str) -> None:
    """Refuse a page with somebody else's candidates, or without one's own where there are some. Raises `WrongAnswer`."""
    marks, centres = set(_SURNAME.findall(body)), set(_CENTRE.findall(body))
    if marks - {mark_of(person["centre"]).encode()} or centres - {person["number"].encode()}:
        raise WrongAnswer(f"{page}: shows another centre's: {sorted(marks)[:3]}, {sorted(centres)[:3]}")
    if not marks and ("/candidates/" in page or page.endswith(("/file/", "QS/"))):
        raise WrongAnswer(f"{page}: shows nobody")


def _kind(page: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]+", "…", page.replace(SITTING, "…"))
