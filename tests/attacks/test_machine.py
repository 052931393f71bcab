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
METHODS = st.sampled_from(["app", "email", "sms"])
OFTEN = ("came in", "confirmed", "proved again", "set up", "changed", "reset", "signed out", "befell")


class Machine(Deeds, RuleBasedStateMachine):
    """The rules are what may happen; each keeps the truth in step."""

    seen: ClassVar[set[str]]

    def __init__(self) -> None:
        super().__init__()
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
        self.walks_in(0, owner, way)
        self.email(self.browsers[1], self.truth.people[thief])
        self.password(self.browsers[1], "right")

    @rule(at=BROWSERS, who=PEOPLE, way=WAYS, quality=QUALITIES)
    def goes_on(self, at: int, who: int, way: str, quality: str) -> None:
        browser = self.browsers[at]
        visit = browser.visit
        if visit.inside:
            (self.confirm if who % 2 else self.prove_again)(browser, way=way, quality=quality)
        elif visit.asked is None:
            self.email(browser, self.truth.people[who])
        elif visit.pending is None:
            self.password(browser, quality)
        elif visit.pending.counting:
            self.code(browser, way, quality)
        else:
            self.first_password(browser)
            self.set_up(browser, "app" if way == "recovery" else way, quality)

    @rule(at=BROWSERS, who=PEOPLE, way=WAYS, quality=QUALITIES)
    def goes_on_further(self, at: int, who: int, way: str, quality: str) -> None:
        self.goes_on(at, who, way, quality)

    @rule(
        at=BROWSERS,
        what=st.sampled_from(["email", "password", "code", "first password", "prove again", "confirm"]),
        way=WAYS,
        quality=QUALITIES,
    )
    def tries_out_of_turn(self, at: int, what: str, way: str, quality: str) -> None:
        browser = self.browsers[at]
        {
            "email": lambda: self.email(browser, self.truth.people[at]),
            "password": lambda: self.password(browser, quality),
            "code": lambda: self.code(browser, way, quality),
            "first password": lambda: self.first_password(browser),
            "prove again": lambda: self.prove_again(browser, way, quality),
            "confirm": lambda: self.confirm(browser, way, "right", typing=quality),
        }[what]()

    @rule(at=BROWSERS, who=PEOPLE, way=WAYS)
    def walks_in(self, at: int, who: int, way: str) -> None:
        browser, human = self.browsers[at], self.truth.people[who]
        self.email(browser, human)
        self.password(browser, "right")
        if human.counting:
            self.code(browser, way, "right")
        else:
            self.first_password(browser)
            self.set_up(browser, "app", "right")
        if browser.visit.inside is human:
            assert browser.get(reverse("security")).status_code == 200

    @rule(at=BROWSERS, method=METHODS, quality=QUALITIES, confirmed=st.booleans())
    def sets_up(self, at: int, method: str, quality: str, confirmed: bool) -> None:
        browser = self._inside(at)
        if confirmed:
            self.confirm(browser, way="app", quality="right")
        self.set_up(browser, method, quality)

    @rule(at=BROWSERS, what=st.sampled_from(["password", "recovery", "remove", "remove other's", "freeze"]), confirmed=st.booleans())
    def changes(self, at: int, what: str, confirmed: bool) -> None:
        browser = self._inside(at)
        if confirmed:
            self.confirm(browser, way="app", quality="right")
        self.change(browser, what)

    @rule(at=BROWSERS, of=BROWSERS, who=PEOPLE, asks=st.booleans(), quality=QUALITIES)
    def resets(self, at: int, of: int, who: int, asks: bool, quality: str) -> None:
        self.reset(self.browsers[at], self._somebody(of, who), quality, asks=asks)

    @rule(at=BROWSERS, what=st.sampled_from(["sign out", "sign out too", "language", "end others", "leave", "begin again"]))
    def turns_away(self, at: int, what: str) -> None:
        self.turn_away(self._inside(at) if what.startswith("sign") else self.browsers[at], what)

    @rule(at=BROWSERS, of=BROWSERS)
    def copies_cookies(self, at: int, of: int) -> None:
        if at != of:
            self.browsers[at].copy(self.browsers[of])

    @rule(at=BROWSERS, of=BROWSERS, way=WAYS)
    def comes_along(self, at: int, of: int, way: str) -> None:
        """Be the same person half way in two browsers, and answer here with what was sent there (A33, A45)."""
        visit = self.browsers[of].visit
        human = visit.pending or visit.inside
        if at != of and human:
            self.email(self.browsers[at], human)
            self.password(self.browsers[at], "right")
            self.code(self.browsers[at], way, "other's")

    @rule(jump=st.sampled_from(JUMPS))
    def waits(self, jump: timedelta) -> None:
        if jump is A_WHOLE_DAY:
            for _times in range(18):
                self.clock.shift(jump / 18)
                for browser in self.browsers:
                    browser.get(reverse("home"))
        else:
            self.clock.shift(jump)

    @rule(what=st.sampled_from(["suspend", "delete", "reset mfa", "restore"]), of=BROWSERS, who=PEOPLE)
    def fate(self, what: str, of: int, who: int) -> None:
        self.befall(what, self._somebody(of, who))

    @rule(what=st.sampled_from(["freeze centre", "reopen centre", "withdraw"]))
    def fate_of_all(self, what: str) -> None:
        self.befall(what, self.truth.people[-1])

    @rule(at=BROWSERS, number=st.integers(0, 10_000), method=st.sampled_from(["get", "head", "post"]))
    def asks_for_any_page(self, at: int, number: int, method: str) -> None:
        self.look(self.browsers[at], self.scene.pages[number % len(self.scene.pages)], method)

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
                        if number % 6 == self.turn % 6 or not self.truth.may_see(browser.visit, page):
                            self.look(browser, page, "get")
        finally:
            transaction.set_rollback(True)
            self._undo.__exit__(None, None, None)

    def _inside(self, at: int) -> Browser:
        """A browser with somebody inside, if there is one: deeds of the others lead nowhere, which `tries_out_of_turn` sees to."""
        there = [self.browsers[(at + more) % 3] for more in range(3)]
        return next((browser for browser in there if browser.visit.inside), there[0])

    def _somebody(self, of: int, who: int) -> Human:
        """Whoever is at a browser, or anybody."""
        visit = self.browsers[of].visit
        return visit.inside or visit.pending or self.truth.people[who]

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
        Machine.scene, Machine.clock, Machine.seen, Machine.done = make_scene(), traveller, set(), Counter()
        yield Machine


def _run(machine: type[Machine], *, examples: int, steps: int, chance: bool) -> None:
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=not chance,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=profile)
    # A machine that gets in nowhere would find nothing.
    assert machine.done["came in"] > examples / 2, machine.done
    assert len(machine.seen) > examples, machine.seen


def test_no_sequence_reaches_a_data_page_without_a_completed_factor(machine: type[Machine]) -> None:
    _run(machine, examples=8, steps=30, chance=False)


@pytest.mark.services
def test_no_long_sequence_of_chance_reaches_a_data_page_without_a_completed_factor(machine: type[Machine]) -> None:
    _run(machine, examples=int(os.environ.get("MACHINE_EXAMPLES", "60")), steps=60, chance=True)
    assert all(machine.done[deed] for deed in OFTEN), machine.done
    assert {"home", "manage-users", "results-embargoed"} <= machine.seen
