"""The deeds on one person of a centre as links: `{% load people %}{% acts row stem %}`."""

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.people.rows import Row

register = template.Library()

_RED: Final = SafeString(' class="danger"')
_ACTS: Final[tuple[tuple[str, str, str, Promise], ...]] = (
    ("may_change_access", "", "access/", _("Manage Access")),
    ("may_handle_invite", "", "resend/", _("Resend invite")),
    ("may_handle_invite", "", "correct/", _("Correct address")),
    ("may_handle_invite", _RED, "withdraw/", _("Withdraw invite")),
    ("may_reset_mfa", "", "reset-mfa/", _("Reset MFA")),
    ("may_be_suspended", "", "suspend/", _("Suspend")),
    ("may_be_restored", "", "suspend/", _("Restore")),
    ("may_delete", _RED, "delete/", _("Delete User")),
)
"""Which question of the row each asks, its look, where it stands below the person's page (accounts.people.urls), and its words."""


@register.simple_tag
def acts(row: Row, stem: str) -> SafeString:
    """Return a link for each deed that the reader may do. `stem` leads from this page to the person's own."""
    return format_html_join(
        "", '<a{} href="{}{}">{}</a>', ((look, stem, path, word) for may, look, path, word in _ACTS if getattr(row, may))
    )
