"""The messages around a case (ui.md 4.2). All part of their caller's transaction."""

from typing import Any

from django.urls import reverse

from accounts.models import Succession, User
from permissions.models import Membership
from permissions.roles import Role
from portal.outbox.put import put


def about(case: Succession) -> str:
    """Return the reference that a case's messages carry in the outbox."""
    return f"succession:{case.pk}"


def ask_head(*, case: Succession, asker: User, present: str, reference: str) -> None:
    """Ask the head of centre, in both languages, to confirm or decline; `present` names the Exams Officer of today, "" for none."""
    put(
        "succession_confirm",
        to=case.head_email,
        language=case.centre.bilingual,
        context={
            **_context(case),
            "name": case.head_name,
            "asker": asker.full_name,
            "present": present,
            "after": case.after,
            "reason": case.reason,
            "expires_at": case.expires_at.isoformat(),
            "path": reverse("confirm-exams-officer"),
        },
        secret=reference,
        expires_at=case.expires_at,
        about=about(case),
    )


def tell(case: Succession, *, head: bool = False, but: User | None = None, extra: tuple[User, ...] = ()) -> None:
    """Tell who asked, the present Exams Officer and `extra` where the case is now, each in their language; `head` the head of centre too."""
    officer = Membership.objects.filter(centre=case.centre, role=Role.EXAMS_OFFICER, user__is_active=True).select_related("user").first()
    people = {person.pk: person for person in (case.asked_by, officer.user if officer else None, *extra) if person is not None}
    for person in people.values():
        if person.is_active and (but is None or person.pk != but.pk):
            _news(case, to=person.email, language=person.language, name=person.full_name)
    if head:
        _news(case, to=case.head_email, language=case.centre.bilingual, name=case.head_name)


def tell_left(case: Succession, *, email: str, language: str, name: str) -> None:
    """Tell somebody whose account has just gone, and who is therefore found nowhere any more."""
    _news(case, to=email, language=language, name=name)


def _news(case: Succession, *, to: str, language: str, name: str) -> None:
    context = {**_context(case), "name": name, "stage": case.stage, "answer": case.answer}
    put("succession_news", to=to, language=language, context=context, about=about(case))


def _context(case: Succession) -> dict[str, Any]:
    return {"centre": str(case.centre), "person": case.full_name, "email": case.email}
