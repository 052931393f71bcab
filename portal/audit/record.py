"""The one way into the trail: in the transaction of the change it tells of."""

from typing import Any, Protocol

from portal.audit.kinds import AuditKind
from portal.audit.models import AuditEvent
from portal.audit.seal import new_seal
from portal.web import origin

_LONGEST_NAME = 200


class Named(Protocol):
    """Anything with a key and a name."""

    pk: Any


class CentreLike(Protocol):
    """A centre, as far as the trail needs to know one."""

    pk: Any
    number: Any


def record(
    kind: AuditKind,
    *,
    actor: Named | None = None,
    subject: Named | None = None,
    centre: CentreLike | None = None,
    **detail: Any,
) -> AuditEvent:
    """Write one event. Ids and names are copied, never linked; `detail` takes plain JSON values and never a secret."""
    asking = origin.current()
    event = AuditEvent(
        number=kind.number,
        kind=kind.name,
        actor_id=str(actor.pk) if actor is not None else "",
        actor_name=str(actor)[:_LONGEST_NAME] if actor is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_name=str(subject)[:_LONGEST_NAME] if subject is not None else "",
        centre_id=str(centre.pk) if centre is not None else "",
        centre_number=str(centre.number) if centre is not None else "",
        address=asking.address[:45],
        browser=asking.browser,
        detail=detail,
    )
    event.seal = new_seal(event)
    event.save(force_insert=True)
    return event
