"""What the state machine can do (test_machine.py): each deed asks the real pages and, where they agreed, checks that they had to and tells `truth`."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.urls import reverse

from accounts.factors.totp.rules import code_at, step_at
from accounts.helpdesk.flow import restore, suspend
from accounts.invites.flow import withdraw
from accounts.models import Factor, Invitation, User
from accounts.people.delete import delete_member
from accounts.people.reset_mfa import reset_member
from permissions.centres.flow import freeze, reactivate
from portal.web.refusal import Refusal
from tests.attacks.browsing import STEPS, Browser, Facts, Scene, codes_in, facts, goes
from tests.attacks.truth import NEITHER, Human, Truth, Visit, now

_NUMBER: Final = "+447700900555"


class Deeds:
    """The deeds, for a machine that has browsers and a truth."""

    scene: ClassVar[Scene]
    clock: ClassVar[Any]
    truth: Truth
    browsers: list[Browser]
    facts: Facts
    done: ClassVar[Counter[str]] = Counter()
    """How often each deed came off."""
    _passwords = 0

    def email(self, browser: Browser, human: Human) -> None:
        """Give an e-mail address."""
        if goes(browser.post(STEPS["sign-in"], email=human.email)) == STEPS["sign-in-password"]:
            browser.visit.give_email(human)

    def password(self, browser: Browser, quality: str) -> None:
        """Give a password: one's own (or the temporary one), somebody else's, or nobody's."""
        visit, before = browser.visit, browser.key
        human = visit.asked or self.truth.people[0]
        typed = {"right": human.password or human.temporary, "other's": self._other(human).password}.get(quality, "nobody's own 17")
        goes_to = goes(browser.post(STEPS["sign-in-password"], password=typed))
        awaits = visit.asked is not None and visit.pending is None
        if awaits and goes_to in {STEPS[one] for one in ("sign-in-factor", "factor-choose", "sign-in-set-password")}:
            assert self.truth.password_opens(human, typed)
            assert browser.key != before, "a new id after the password"
            visit.give_password()

    def code(self, browser: Browser, way: str, quality: str) -> None:
        """Answer what signing in asks."""
        visit, before = browser.visit, browser.key
        human = visit.pending or self.truth.people[0]
        text, answer, right = self._prove(browser, STEPS["sign-in-factor"], "sign_in", human, way, quality)
        if goes(answer) and goes(answer) not in STEPS.values():
            assert visit.awaited is human
            assert right, f"{quality} code of {way} let {human.email} in"
            assert browser.key != before, "a new id after the factor"
            self._used(human, text)
            visit.enter(human)
            self.done["came in"] += 1

    def first_password(self, browser: Browser) -> None:
        """Create a password after a temporary one."""
        visit, before, new = browser.visit, browser.key, self._new_password()
        human = visit.pending
        browser.post(STEPS["sign-in-set-password"], new_password=new, language="en")
        made = User.objects.filter(email=human.email).first() if human and not human.person else None
        if human and made:
            assert visit.awaited is human
            assert human.temporary
            assert not set(human.seats) & self.truth.frozen
            assert browser.key != before, "a new id after the first password"
            human.person, human.password, human.temporary = made, new, ""
            visit.asked = human
            visit.give_password()
            self._accept(human)

    def set_up(self, browser: Browser, method: str, quality: str) -> None:
        """Set a method up, the first one or another."""
        path, visit, before = reverse(f"factor-{method}"), browser.visit, browser.key
        human = visit.inside or visit.pending or self.truth.people[0]
        fields: dict[str, str] = {"email": {"agreed": "on"}, "sms": {"number": _NUMBER}}.get(method, {})
        if method == "app":
            browser.get(path)
            begun = Factor.objects.filter(user=human.person, method="app", confirmed=False).first() if human.person else None
            text, seed = (code_at(begun.seed, step_at(now())), begun.seed) if begun else (NEITHER, "")
        else:
            browser.post(path, send="1", **fields)
            text, seed = (self.truth.live(human, "enrol", visit.mark) or [NEITHER])[-1], ""
        may, first = visit.may_set_up is human, visit.inside is None
        browser.post(path, **fields, code=text if quality == "right" else NEITHER)
        if self._changed(human):
            assert may, f"{human.email} set up {method} without proof"
            assert quality == "right"
            assert browser.key != before, "a new id after a method was set up"
            if seed:
                human.seed, human.last_step = seed, step_at(now())
            self._used(human, text)
            if human.was_in:
                self.truth.end_sessions(human, but=visit)
            if first:
                visit.enter(human)
            visit.confirmed = 0
            self.done["set up"] += 1

    def confirm(self, browser: Browser, way: str, quality: str, typing: str = "right") -> None:
        """Confirm who one is by password and factor."""
        visit, human = browser.visit, browser.visit.inside or self.truth.people[0]
        typed = {"right": human.password, "other's": self._other(human).password}.get(typing, "nobody's own 17")
        path = reverse("confirm-code", kwargs={"goal": "method"})
        goes_to = goes(browser.post(reverse("confirm", kwargs={"goal": "method"}), current_password=typed))
        if visit.inside and goes_to == path:
            assert typed == human.password
            visit.password_at = now()
        before = browser.key
        text, answer, right = self._prove(browser, path, "confirm", human, way, quality)
        # Whoever is not inside is only sent where they stand.
        if visit.inside and goes(answer) == STEPS["sign-in"]:
            visit.clear()
        elif visit.inside and goes(answer) == STEPS["factor-choose"]:
            assert right, f"{quality} code of {way} confirmed {human.email}"
            assert now() - visit.password_at <= 600
            assert browser.key != before, "a new id after confirming"
            self._used(human, text)
            visit.password_at, visit.confirmed, visit.proved = 0, now(), now()
            self.done["confirmed"] += 1

    def prove_again(self, browser: Browser, way: str, quality: str) -> None:
        """Prove a factor afresh; its success shows by the new id of the session."""
        visit, human = browser.visit, browser.visit.inside or self.truth.people[0]
        path, before = reverse("prove-again"), browser.key
        text, answer, right = self._prove(browser, path, "confirm", human, way, quality)
        if visit.inside and goes(answer) == STEPS["sign-in"]:
            visit.clear()
        elif visit.inside and browser.key != before:
            assert right, f"{quality} code of {way} proved {human.email}"
            self._used(human, text)
            visit.proved = now()
            self.done["proved again"] += 1

    def change(self, browser: Browser, what: str) -> None:
        """Change what protects an account, or close it."""
        visit, new = browser.visit, self._new_password()
        human = visit.inside or self.truth.people[0]
        whose = self._other(human) if what == "remove other's" else human
        factor = Factor.objects.filter(user=whose.person, confirmed=True).first() if whose.person else None
        may = visit.inside is human and (visit.may_set_up is human or what == "freeze")
        path = {"password": "change-password", "recovery": "recovery-codes", "freeze": "freeze"}.get(what)
        target = reverse(path) if path else reverse("remove-factor", kwargs={"pk": factor.pk if factor else 0})
        answer = browser.post(target, new_password=new)
        if not self._changed(human):
            return
        assert may, f"{what} of {human.email} without proof"
        assert what != "remove other's"
        visit.confirmed = 0
        self.done["changed"] += 1
        self.done[what] += 1
        if what == "freeze":
            human.shut.add("frozen")
        elif what == "password":
            human.password = new
        elif what == "recovery":
            human.recovery = codes_in(answer)
        self.truth.end_sessions(human, but=None if what == "freeze" else visit)

    def reset(self, browser: Browser, human: Human, quality: str, *, asks: bool) -> None:
        """Ask for a reset code, or not, and give a new password with it. It never signs in (RST-2)."""
        if asks:
            browser.post(reverse("forgot-password"), email=human.email)
        visit, new = browser.visit, self._new_password()
        codes = self.truth.live(human, "reset", visit.mark)
        others = [code.text for code in self.truth.sent if code.purpose == "reset" and code.text not in codes]
        text = ({"right": codes, "spent": human.spent, "other's": others}.get(quality) or [NEITHER])[-1]
        browser.post(reverse("reset-password"), email=human.email, code=text, new_password=new)
        if human.person and human.shut <= {"frozen"} and self._changed(human):
            assert text in codes, f"{quality} code reset the password of {human.email}"
            human.password, human.shut = new, set()
            self._used(human, text)
            self.truth.end_sessions(human)
            visit.clear()
            self.done["reset"] += 1

    def turn_away(self, browser: Browser, what: str) -> None:
        """Do what should change nothing, or end everything."""
        visit = browser.visit
        if what == "leave":
            browser.leave()
        elif what == "begin again":
            browser.get(STEPS["sign-in"])
        elif what == "language":
            browser.post(reverse("language"), language="cy", next="/")
        elif what == "sign out":
            if goes(browser.post(reverse("sign-out"))) == reverse("signed-out"):
                visit.clear()
                self.done["signed out"] += 1
        elif goes(browser.post(reverse("end-other-devices"))) == reverse("security") and visit.inside:
            self.truth.end_sessions(visit.inside, but=visit)

    def befall(self, what: str, human: Human) -> None:
        """Let the help desk or the Exams Officer act, as far as they may."""
        cast = self.scene.cast
        officer, staff = cast.exams_officer.user, cast.staff.user
        with suppress(Refusal, User.DoesNotExist):
            if what == "freeze centre":
                freeze(actor=staff, centre=cast.centre)
                self.truth.frozen.add(cast.centre.pk)
            elif what == "reopen centre":
                reactivate(actor=staff, centre=cast.centre)
                self.truth.frozen.discard(cast.centre.pk)
            elif what == "withdraw" and human.temporary:
                withdraw(actor=officer, invitation=Invitation.objects.get(email=human.email))
                human.temporary = ""
            elif human.person and "gone" not in human.shut:
                self._befall_account(what, human, human.person, officer, staff)

    def _befall_account(self, what: str, human: Human, person: User, officer: User, staff: User) -> None:
        if what == "suspend" and suspend(actor=staff, person=person):
            self.done["befell"] += 1
            human.shut.add("suspended")
            self.truth.end_sessions(human)
        elif what == "restore" and restore(actor=staff, person=person):
            human.shut.discard("suspended")
            self.done["befell"] += 1
        elif what in {"delete", "reset mfa"} and (place := person.memberships.filter(centre=self.scene.cast.centre).first()):
            (delete_member if what == "delete" else reset_member)(actor=officer, membership=place)
            self.truth.end_sessions(human)
            self.done["befell"] += 1
            if what == "delete":
                human.seats.pop(place.centre_id)
            if not human.seats:
                human.shut.add("gone")
            human.recovery = [] if what == "reset mfa" else human.recovery
            self._accept(human)

    def _prove(self, browser: Browser, path: str, purpose: str, human: Human, way: str, quality: str) -> tuple[str, HttpResponse, bool]:
        """Choose a way and type something; returns it, the answer, and whether it was right."""
        factor = Factor.objects.filter(user=human.person, method=way, confirmed=True).first() if human.person else None
        chosen = "recovery" if way == "recovery" else str(factor.pk if factor else 0)
        browser.post(path, way=chosen)
        text = self._text(browser.visit, human, purpose, way, quality)
        if quality == "right" and text == NEITHER:
            # The app shows the next code, or another may be sent.
            self.clock.shift(timedelta(seconds=61))
            browser.post(path, way=chosen)
            text = self._text(browser.visit, human, purpose, way, quality)
        right = text in self.truth.proofs(human, purpose, browser.visit)
        return text, browser.post(path, code=text), right

    def _text(self, visit: Visit, human: Human, purpose: str, way: str, quality: str) -> str:
        other = self._other(human)
        known = {
            "right": {"app": list(human.app_codes()), "recovery": human.recovery}.get(way) or self.truth.proofs(human, purpose, visit),
            "spent": human.spent,
            "other's": [*other.app_codes(), *(code.text for code in self.truth.sent if code.live and code.mark is not visit.mark)],
        }
        return (known.get(quality) or [NEITHER])[-1]

    def _other(self, human: Human) -> Human:
        people = self.truth.people
        return people[(people.index(human) + 1) % len(people)]

    def _new_password(self) -> str:
        Deeds._passwords += 1
        return f"meadow copper thistle {Deeds._passwords}"

    def _used(self, human: Human, text: str) -> None:
        self.truth.use_up(human, text)
        self._accept(human)

    def _changed(self, human: Human) -> bool:
        """Say whether what protects somebody is not what it was; from now on it is taken for granted."""
        before = self.facts
        self._accept(human)
        return self.facts != before

    def _accept(self, human: Human) -> None:
        if human.person is None:
            return
        pk = human.person.pk
        self.facts = {one: row for one, row in self.facts.items() if one != pk} | facts(human)
        human.methods = {row[1] for row in self.facts.get(pk, ()) if isinstance(row, tuple)}
