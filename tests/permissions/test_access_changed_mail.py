"""MAN-1, MAIL-1: the message after a change of access says what, where and by whom, and nothing about anybody else."""

from collections.abc import Callable
from datetime import date

from django.core.mail import EmailMultiAlternatives

from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from tests.cast import Cast

Post = Callable[[], list[EmailMultiAlternatives]]
ENTRIES = (Service.ENTRIES, Level.VIEW)
SCRIPTS = (Service.VIEW_SCRIPTS, Level.VIEW)


def test_man1_the_mail_says_what_was_added_and_taken(cast: Cast, post: Post) -> None:
    """In both parts: centre, giver, rights in words, last day; no other rights, no code of a right."""
    actor, place = cast.exams_officer.membership, cast.user.membership
    set_rights(actor=actor, membership=place, rights=[ENTRIES], ends_on=date(2099, 7, 3))
    set_rights(actor=actor, membership=place, rights=[SCRIPTS])
    added, changed = post()
    assert added.to == [cast.user.user.email]
    assert added.subject == "Your access to Portal has changed"
    for part in (added.body, str(added.alternatives[0][0])):
        for words in ("View Entries", "3 July 2099", cast.exams_officer.user.full_name, cast.centre.number):
            assert words in part
        assert "View Scripts" not in part
        assert "entries.view" not in part
    for part in (changed.body, str(changed.alternatives[0][0])):
        assert part.index("Added") < part.index("View Scripts") < part.index("Taken away") < part.index("View Entries")


def test_man1_nothing_is_sent_when_nothing_changes(cast: Cast, post: Post) -> None:
    """Saving the page as it was is no news."""
    set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=[])
    assert post() == []
