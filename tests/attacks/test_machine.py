"""No sequence reaches a data page without a completed factor (issue: identity; A40-A50, A88, A90, A96).

Hypothesis plays people, thieves and the help desk in three browsers: any order of e-mail steps, passwords, codes, resets, methods coming and
going, cookies copied, time passing, accounts and centres closing. After each step pages are asked for from the URL map, at the end all of them:
a page answers only where `truth`, which knows what was done and nothing of how the Portal decides, says that its reader proved a factor.
"""

# ruff: noqa: D102  (a rule is named for what happens)

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.passwords import checking
from tests.attacks.browsing import STEPS, Browser, facts, goes, make_scene
from tests.attacks.deeds import Deeds
from tests.attacks.truth import Human, Page

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
A_WHOLE_DAY = timedelta(hours=8, minutes=14)
JUMPS = [timedelta(seconds=35), timedelta(seconds=61), *(timedelta(minutes=one, seconds=1) for one in (5, 10, 16, 31)), A_WHOLE_DAY]
BROWSERS = st.integers(0, 2)
PEOPLE = st.integers(0, 10)
QUALITIES = st.sampled_from(["right", "right", "right", "right", "wrong", "spent", "other's"])
WAYS = st.sampled_from(["app", "email", "sms", "recovery"])
WHAT = [
    *["go on"] * 4,
    *["walk in"] * 3,
    *(f"try: {step}" for step in ("email", "password", "code", "first password", "prove again", "confirm")),
    *(f"set up: {method}" for method in ("app", "email", "sms")),
    *(f"change: {deed}" for deed in ("password", "recovery", "remove", "remove other's", "freeze")),
    *(f"turn: {deed}" for deed in ("sign out", "sign out", "language", "end others", "leave", "begin again")),
    *(f"fate: {deed}" for deed in ("suspend", "restore", "delete", "reset mfa", "withdraw", "freeze centre", "reopen centre")),
    *(f"ask: {method}" for method in ("get", "head", "post")),
    *["reset", "reset", "come along", "come along", "copy", "copy", "wait", "wait", "wait"],
]
OFTEN = ("came in", "confirmed", "proved again", "set up", "changed", "reset", "signed out", "befell")


class Machine(Deeds, RuleBasedStateMachine):
    """The rules are what may happen; each keeps the truth in step."""

    seen: ClassVar[set[str]]
    played: ClassVar[int] = 0
    """How many stories were begun: each draws another part of the pages at its end."""

    def __init__(self) -> None:
        super().__init__()
        Machine.played += 1
        self._undo = transaction.atomic()
        self._undo.__enter__()
        cache.clear()
        self.clock.move_to(START)
        self.truth = self.scene.begin()
        self.browsers = [Browser(self.truth, number) for number in range(3)]
        self.facts = facts()
        self.turn = 0

    @initialize(owner=PEOPLE, thief=PEOPLE, way=WAYS)
    def begins(self, owner: int, thief: int, way: str) -> None:
        """Nobody gets far from nothing: one person is inside, another half way."""
        self._walk_in(self.browsers[0], self.truth.people[owner], way)
        self.email(self.browsers[1], self.truth.people[thief])
        self.password(self.browsers[1], "right")

    @rule(
        what=st.sampled_from(WHAT),
        at=BROWSERS,
        of=BROWSERS,
        who=PEOPLE,
        way=WAYS,
        quality=QUALITIES,
        sure=st.booleans(),
        number=st.integers(0, 999),
    )
    def happens(  # noqa: C901, PLR0912  (a list, not a decision)
        self, what: str, at: int, of: int, who: int, way: str, quality: str, sure: bool, number: int
    ) -> None:
        """One rule for everything: of several, Hypothesis leaves some out of each example, and few examples would hold what few rules allow.

        `at` is the browser, `of` another whose reader or cookies matter, `sure` whether password and factor are confirmed first.
        """
        browser, other, human, there = self.browsers[at], self.browsers[of], self.truth.people[who], self._inside(at)
        room, _colon, deed = what.partition(": ")
        if sure and room in {"change", "set up"}:
            self.confirm(there, way="app", quality="right")
        match room:
            case "go on":
                self._go_on(browser, human, way, quality, sure=sure)
            case "walk in":
                self._walk_in(browser, human, way)
            case "try":
                self._try_out_of_turn(browser, human, deed, way, quality)
            case "come along":
                self._come_along(browser, other, way)
            case "set up":
                self.set_up(there, deed, quality)
            case "change":
                self.change(there, deed)
            case "reset":
                self.reset(browser, self._somebody(other, human), quality, asks=sure)
            case "turn":
                self.turn_away(there if deed == "sign out" else browser, deed)
            case "copy":
                browser.copy(other)
            case "wait":
                self._wait(JUMPS[number % len(JUMPS)])
            case "fate":
                self.befall(deed, self.truth.people[-1] if deed == "withdraw" else self._somebody(other, human))
            case "ask":
                self.look(browser, self.scene.pages[number % len(self.scene.pages)], deed)

    def _go_on(self, browser: Browser, human: Human, way: str, quality: str, *, sure: bool) -> None:
        visit = browser.visit
        if visit.inside:
            (self.confirm if sure else self.prove_again)(browser, way=way, quality=quality)
        elif visit.asked is None:
            self.email(browser, human)
        elif visit.pending is None:
            self.password(browser, quality)
        elif visit.pending.counting:
            self.code(browser, way, quality)
        else:
            self.first_password(browser)
            self.set_up(browser, "app" if way == "recovery" else way, quality)

    def _try_out_of_turn(self, browser: Browser, human: Human, deed: str, way: str, quality: str) -> None:
        {
            "email": lambda: self.email(browser, human),
            "password": lambda: self.password(browser, quality),
            "code": lambda: self.code(browser, way, quality),
            "first password": lambda: self.first_password(browser),
            "prove again": lambda: self.prove_again(browser, way, quality),
            "confirm": lambda: self.confirm(browser, way, "right", typing=quality),
        }[deed]()

    def _walk_in(self, browser: Browser, human: Human, way: str) -> None:
        self.email(browser, human)
        self.password(browser, "right")
        if human.counting:
            self.code(browser, way, "right")
        else:
            self.first_password(browser)
            self.set_up(browser, "app", "right")
        if browser.visit.inside is human:
            assert browser.get(reverse("security")).status_code == 200

    def _come_along(self, browser: Browser, other: Browser, way: str) -> None:
        """Be the same person half way in two browsers, and answer here with what was sent there (A33, A45)."""
        human = other.visit.pending or other.visit.inside
        if browser is not other and human:
            self.email(browser, human)
            self.password(browser, "right")
            self.code(browser, way, "other's")

    def _wait(self, jump: timedelta) -> None:
        if jump is not A_WHOLE_DAY:
            self.clock.shift(jump)
            return
        for _times in range(18):
            self.clock.shift(jump / 18)
            for browser in self.browsers:
                browser.get(reverse("home"))

    @invariant()
    def nothing_is_seen_or_changed_without_proof(self) -> None:
        assert facts() == self.facts
        pages = self.scene.pages
        self.turn += 1
        for browser in self.browsers:
            number = self.turn * 3 + browser.number
            self.look(browser, pages[number * 7 % len(pages)], ("get", "head", "post")[(self.turn + browser.number) % 3])
        self.look_at_step(self.browsers[self.turn % 3], list(STEPS)[self.turn // 3 % len(STEPS)])

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                for browser in {browser.key: browser for browser in self.browsers}.values():
                    for number, page in enumerate(self.scene.pages):
                        # What may be seen is drawn in full: of that a few at a time.
                        if number % 6 == Machine.played % 6 or not self.truth.may_see(browser.visit, page):
                            self.look(browser, page, "get")
        finally:
            transaction.set_rollback(True)
            self._undo.__exit__(None, None, None)

    def _inside(self, at: int) -> Browser:
        """A browser with somebody inside, if there is one: deeds of the others lead nowhere, which trying out of turn sees to."""
        there = [self.browsers[(at + more) % 3] for more in range(3)]
        return next((browser for browser in there if browser.visit.inside), there[0])

    @staticmethod
    def _somebody(browser: Browser, human: Human) -> Human:
        """Whoever is at a browser, or anybody."""
        return browser.visit.inside or browser.visit.pending or human

    def look(self, browser: Browser, page: Page, method: str) -> None:
        """Ask for a page and compare. Only who is not inside sends forms here: for the others they would be deeds."""
        visit = browser.visit
        visit.pass_time()
        may, reader = self.truth.may_see(visit, page), visit.inside
        answer = browser.ask("get" if reader and method == "post" else method, page.path)
        assert reader or answer.status_code == 405 or goes(answer) in STEPS.values(), (page.path, answer.status_code, goes(answer))
        assert answer.status_code != 200 or may, f"{page.path} opened to {reader}"
        if answer.status_code == 200 and reader and not reader.staff:
            Machine.seen.add(page.name)
            for centre in (self.scene.cast.centre, self.scene.cast.other_centre):
                assert centre.pk in reader.seats or centre.name not in answer.content.decode(), page.path

    def look_at_step(self, browser: Browser, step: str) -> None:
        """Ask for a step of signing in: it opens only to whom it is next (A40, A43)."""
        visit = browser.visit
        visit.pass_time()
        awaited = visit.awaited
        allowed = {
            "factor-choose": visit.may_set_up is not None,
            "sign-in-factor": bool(awaited and awaited.person and awaited.counting),
            "sign-in-set-password": bool(awaited and not awaited.person and awaited.temporary),
        }
        answer = browser.get(STEPS[step])
        assert answer.status_code != 200 or allowed.get(step, True), (step, goes(answer))


@pytest.fixture
def machine(db: None, settings: Any) -> Iterator[type[Machine]]:
    """The machine with its people in place; hashing, which proves nothing here, costs nothing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    checking.forget_costs()
    with time_machine.travel(START, tick=False) as traveller:
        Machine.scene, Machine.clock, Machine.seen, Machine.done, Machine.played = make_scene(), traveller, set(), Counter(), 0
        yield Machine


def _run(machine: type[Machine], *, examples: int, steps: int) -> None:
    profile = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=profile)
    # A machine that gets in nowhere would find nothing.
    assert machine.done["came in"] > examples / 2, machine.done
    assert len(machine.seen) > examples, machine.seen


def test_no_sequence_reaches_a_data_page_without_a_completed_factor(machine: type[Machine]) -> None:
    _run(machine, examples=6, steps=24)


@pytest.mark.services
def test_no_long_sequence_reaches_a_data_page_without_a_completed_factor(machine: type[Machine]) -> None:
    _run(machine, examples=int(os.environ.get("MACHINE_EXAMPLES", "24")), steps=60)
    # Chance leaves out one deed or another now and then; most of them in one run show that the machine lives.
    assert sum(bool(machine.done[deed]) for deed in OFTEN) > len(OFTEN) / 2, machine.done
    assert "home" in machine.seen, machine.seen
