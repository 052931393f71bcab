"""The lines that looks behind the gate leave in a centre's trail: a page seen under embargo, and a file that is taken away. The same for all services."""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from permissions.models import Membership
from portal.audit.kinds import AuditKind
from portal.audit.record import record
from services.exams.models import Candidate
from services.releases.gate import Look, Sight
from services.releases.sittings import OpenSitting


@dataclass(frozen=True, slots=True)
class Noted:
    """What a service calls the two lines."""

    seen: AuditKind
    taken: AuditKind

    def look(self, *, actor: Membership, look: Look, sitting: OpenSitting, page: str, candidate: Candidate | None = None) -> None:
        """Record that somebody looks at what is under embargo; of released things nothing is kept, and no transaction is begun for it."""
        if look.sight is not Sight.EMBARGOED:
            return
        more = {"candidate": candidate.number} if candidate else {}
        about = candidate or look.centre
        with transaction.atomic():
            record(self.seen, actor=actor.user, subject=about, centre=look.centre, sitting=sitting.code, page=page, **more)

    def download(
        self, *, actor: Membership, look: Look, sitting: OpenSitting, name: str, version: int, content: bytes, taken: bool
    ) -> None:  # fmt: skip
        """Record that a file leaves the Portal. A question about it only (HEAD, not `taken`) tells size and hash, so under embargo it is a look."""
        if not taken:
            self.look(actor=actor, look=look, sitting=sitting, page="file")
            return
        kept = {"file": name, "version": version, "sha256": hashlib.sha256(content).hexdigest()}
        under = look.sight is Sight.EMBARGOED
        record(self.taken, actor=actor.user, subject=look.centre, centre=look.centre, **kept, under_embargo=under)
