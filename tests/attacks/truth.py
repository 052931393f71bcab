"""What should be so: who may see what in which browser, worked out from what was done and never from what the Portal keeps (test_machine.py)."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from accounts.factors.totp.rules import code_at, step_at
from accounts.models import User
from permissions.access import FRESH
from permissions.guards import Guard, Kind
from permissions.roles import Role
from portal import clock, limits

MANAGERS: Final = {Role.EXAMS_OFFICER, Role.ADMIN}
CODE_SECONDS: Final = {"reset": limits.P7_RESET_CODE_MINUTES * 60}
NEITHER: Final = "000000"
"""Hardly anybody's code."""


def now() -> float:
    """The present instant as epoch seconds."""
    return clock.now().timestamp()


@dataclass(eq=False)
class Human:
    """Somebody, with what they know and have. Without an account (`person` None) there is at most an invite with its temporary password."""

    email: str
    password: str
    person: User | None = None
    temporary: str = ""
    seats: dict[int, Role] = field(default_factory=dict)
    methods: set[str] = field(default_factory=set)
    seed: str = ""
    number: str = ""
    recovery: list[str] = field(default_factory=list)
    staff: bool = False
    shut: set[str] = field(default_factory=set)
    last_step: int = 0
    spent: list[str] = field(default_factory=list)
    was_in: bool = False

    @property
    def closed(self) -> bool:
        """Whether the account is suspended, frozen or gone."""
        return bool(self.shut)

    @property
    def counting(self) -> set[str]:
        """The methods that count: for staff the app alone (MFA-1)."""
        return self.methods & {"app"} if self.staff else self.methods

    def app_codes(self) -> dict[str, int]:
        """The codes of the app that count now, with their steps: the present and the previous one, none twice (P9)."""
        step = step_at(now())
        return {code_at(self.seed, one): one for one in (step - 1, step) if one > self.last_step} if "app" in self.methods else {}


@dataclass(eq=False)
class Sent:
    """A code that was sent: for whom, for what, and to whom the browser that asked for it belongs."""

    human: Human
    purpose: str
    text: str
    mark: object
    at: float
    live: bool = True


@dataclass(eq=False)
class Visit:
    """One session, as whoever holds its cookie may use it."""

    mark: object = field(default_factory=object)
    asked: Human | None = None
    pending: Human | None = None
    pending_at: float = 0
    inside: Human | None = None
    started: float = 0
    seen: float = 0
    proved: float = 0
    password_at: float = 0
    confirmed: float = 0

    def clear(self) -> None:
        """Forget everything: the session ended."""
        self.__dict__.update(Visit().__dict__)

    def give_email(self, human: Human) -> None:
        """Begin to sign in; nothing of an earlier beginning counts (A46)."""
        self.asked, self.pending, self.inside = human, None, None

    def give_password(self) -> None:
        """The password was right: ten minutes for what comes next."""
        self.pending, self.pending_at = self.asked, now()

    def enter(self, human: Human) -> None:
        """A factor was proved."""
        self.asked = self.pending = None
        self.inside, self.started = human, now()
        self.seen = self.proved = self.started
        self.password_at = self.confirmed = 0
        human.was_in = True

    def pass_time(self) -> None:
        """End what is over at the next request, and note that there was one."""
        if self.inside:
            idle = limits.P18_STAFF_IDLE_MINUTES if self.inside.staff else limits.P18_IDLE_MINUTES
            if now() - self.seen > idle * 60 or now() - self.started > limits.P18_ABSOLUTE_HOURS * 3600:
                self.clear()
            elif now() - self.seen > 60:
                self.seen = now()

    @property
    def awaited(self) -> Human | None:
        """Who is half signed in."""
        in_time = now() - self.pending_at <= limits.P18_HALF_SIGNED_IN_MINUTES * 60
        return self.pending if self.pending and in_time and not self.pending.closed else None

    @property
    def may_set_up(self) -> Human | None:
        """Who may set up a method here: somebody half signed in who has none, or somebody inside who confirmed both just now (A40, P19)."""
        if self.inside:
            return self.inside if now() - self.confirmed <= limits.P19_FRESH_CREDENTIALS_MINUTES * 60 else None
        return self.awaited if self.awaited and self.awaited.person and not self.awaited.counting else None


@dataclass(frozen=True)
class Page:
    """A page that only some may see: its address, whom its guard names, and whose it is, if it is one person's or one centre's."""

    name: str
    path: str
    guard: Guard
    centre: int | None = None
    owner: str = ""


@dataclass
class Truth:
    """Everything that should be so."""

    people: list[Human]
    visits: dict[str, Visit] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    frozen: set[int] = field(default_factory=set)
    read: set[UUID] = field(default_factory=set)

    def end_sessions(self, human: Human, *, but: Visit | None = None) -> None:
        """End somebody's sessions, half-finished sign-ins too."""
        for visit in self.visits.values():
            if visit is not but and human in {visit.inside, visit.pending}:
                visit.clear()

    def note_sent(self, code: Sent) -> None:
        """Note a code: it ends the earlier ones of its kind."""
        for earlier in self.sent:
            if (earlier.human, earlier.purpose) == (code.human, code.purpose):
                earlier.live = False
        self.sent.append(code)

    def live(self, human: Human, purpose: str, mark: object) -> list[str]:
        """Return what a person may type of what was sent to them, in the browser that asked for it."""
        lasts = CODE_SECONDS.get(purpose, limits.P8_CODE_MINUTES * 60)
        return [
            code.text
            for code in self.sent
            if code.live and (code.human, code.purpose) == (human, purpose) and code.mark is mark and now() - code.at <= lasts
        ]

    def proofs(self, human: Human, purpose: str, visit: Visit) -> list[str]:
        """Return everything that proves somebody now in this session, newest code last."""
        if human.staff:
            return list(human.app_codes())
        return [*human.recovery, *self.live(human, purpose, visit.mark), *human.app_codes()]

    def use_up(self, human: Human, text: str) -> None:
        """A proof counts once."""
        human.last_step = max(human.last_step, human.app_codes().get(text, 0))
        human.recovery = [one for one in human.recovery if one != text]
        human.spent.append(text)
        for code in self.sent:
            code.live = code.live and code.text != text

    def password_opens(self, human: Human, typed: str) -> bool:
        """Say whether a password leads on: one's own, or the temporary one of an invite that is open."""
        if human.closed:
            return False
        return (
            typed == human.password if human.person else bool(human.temporary) and typed == human.temporary and not self._all_frozen(human)
        )

    def may_see(self, visit: Visit, page: Page) -> bool:
        """Say whether a page may open. Which rights a seat has is the sweep's business; that there is a seat, and a factor, is ours."""
        human = visit.inside
        if human is None or human.closed or page.owner not in {"", human.email}:
            return False
        fresh = now() - visit.proved <= limits.P19_FRESH_SENSITIVE_MINUTES * 60
        seats = {centre: role for centre, role in human.seats.items() if centre not in self.frozen}
        match page.guard.kind:
            case Kind.STAFF:
                return human.staff
            case Kind.MANAGES_PEOPLE:
                return fresh and any(role in MANAGERS and page.centre in {None, centre} for centre, role in seats.items())
            case Kind.NEEDS:
                return bool(seats) and (fresh or page.guard.right not in FRESH)
            case _:
                return True

    def _all_frozen(self, human: Human) -> bool:
        return set(human.seats) <= self.frozen
