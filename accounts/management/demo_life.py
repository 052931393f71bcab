"""What goes on at the demonstration's centres, done by the same flows as in real life, so that every list has something to show.

Days are counted back from the first start. Whoever is most likely to be tried first (Nia Jones, Bethan Lloyd, Lowri Evans, Huw Thomas) has just
joined; nothing here waits for them but answers.
"""

from datetime import timedelta
from typing import Final, cast

from django.db.models import F

from accounts.helpdesk.factor_reset import ask_reset
from accounts.models import User
from accounts.succession import flow as succession
from accounts.succession import head
from permissions.access_pages.flow import answer, ask
from permissions.levels import Right
from permissions.membership.access import set_rights
from permissions.models import Membership
from permissions.review.flow import confirm
from permissions.scope import given, today
from permissions.words import from_code
from portal import clock
from portal.outbox.models import Message

_JOINED: Final = timedelta(days=200)
_LAST_HERE: Final = {
    "owen.price": 6,
    "rhys.davies": 9,
    "megan.hughes": 131,
    "tom.baker": 3,
    "sioned.rees": 12,
    "aled.morris": None,
    "priya.shah": 40,
    "gwen.parry": 5,
}
"""Who joined long ago, and how many days ago they last signed in; never counts as dormant too, so that two are."""
_ENDS: Final = timedelta(days=60)
_WISH: Final = succession.Wish(
    first_name="Carys",
    last_name="Bowen",
    email="carys.bowen@coleg.example",
    after="leaves",
    reason="Huw Thomas retires at the end of term.",
    head_name="Emyr Vaughan",
    head_email="pennaeth@coleg.example",
)


def live() -> None:
    """Let some months go by: requests for access, rights that end, a review under way, people who stay away, cases for the help desk."""
    _pass_time()
    nia, bethan, rhys = _place("nia.jones"), _place("bethan.lloyd"), _place("rhys.davies")
    refused = ask(actor=_place("gwen.parry"), rights=_rights("view_scripts.view"), purpose="I would like to see the Music scripts.")
    answer(actor=bethan, request=refused, give=[], reason="Please ask again once results are out.")
    until = ask(actor=_place("priya.shah"), rights=_rights("view_scripts.view"), purpose="The scripts of my Chemistry groups.")
    answer(actor=nia, request=until, give=_rights("view_scripts.view"), ends_on=today() + _ENDS)
    set_rights(actor=nia, membership=rhys, rights=given(rhys) | _rights("entries.view"), ends_on=today() + _ENDS, keep_ends=True)
    confirm(actor=nia, places=[_place(name).pk for name in ("lowri.evans", "tom.baker", "owen.price")])
    ask(actor=_place("sioned.rees"), rights=_rights("iamis.enter_marks", "entries.view"), purpose="Marciau asesu mewnol Blwyddyn 11.")
    ask(actor=_place("tom.baker"), rights=_rights("iamis.enter_marks"), purpose="I mark the Year 10 folders from next term.")
    _cases()


def _cases() -> None:
    """Leave the help desk a change of Exams Officer to decide, and an MFA reset."""
    place = _place("huw.thomas")
    huw = cast("User", place.user)
    succession.ask(actor=huw, membership=place, wish=_WISH)
    letter = Message.objects.filter(kind="succession_confirm").latest("created_at")
    head.answer(reference=letter.secret, confirmed=True)
    ask_reset(
        actor=User.objects.get(email__startswith="sian.morgan@"), person=huw, reason="New phone; called back on the college’s number."
    )


def _pass_time() -> None:
    for name, days in _LAST_HERE.items():
        last = None if days is None else clock.now() - timedelta(days=days, hours=1)
        User.objects.filter(email__startswith=f"{name}@").update(last_login=last)
        places = Membership.objects.filter(user__email__startswith=f"{name}@")
        places.update(accepted_at=F("accepted_at") - _JOINED, created_at=F("created_at") - _JOINED)


def _place(name: str) -> Membership:
    return Membership.objects.select_related("user", "centre").get(user__email__startswith=f"{name}@")


def _rights(*codes: str) -> frozenset[Right]:
    return frozenset(from_code(code) for code in codes)
