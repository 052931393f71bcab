"""The audit events of the accounts floor (numbers 200-299)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What happens to people, invitations, passwords and factors."""

    SIGNED_IN = 200, _("Signed in")
    SIGNED_OUT = 201, _("Signed out")
    PASSWORD_REFUSED = 202, _("Wrong password")
    CODE_REFUSED = 203, _("Wrong code")
    SESSIONS_ENDED = 204, _("Sessions ended")
    INVITED = 210, _("Invite sent")
    INVITE_RESENT = 211, _("Invite sent again")
    INVITE_WITHDRAWN = 212, _("Invite withdrawn")
    INVITE_CORRECTED = 213, _("Invite address corrected")
    INVITE_ACCEPTED = 214, _("Invite accepted")
    INVITE_REMINDED = 215, _("Invite reminder sent")
    INVITE_REFUSED = 216, _("Wrong or dead temporary password")
    PASSWORD_SET = 220, _("Password created")
    PASSWORD_CHANGED = 221, _("Password changed")
    PASSWORD_RESET_ASKED = 222, _("Password reset asked for")
    PASSWORD_RESET = 223, _("Password reset")
    FACTOR_ADDED = 230, _("MFA method set up")
    FACTOR_CHANGED = 231, _("MFA method changed")
    CONFIRMED = 232, _("Confirmed who they are")
    CODE_SENT = 233, _("Code sent")
    PROFILE_CHANGED = 240, _("Profile changed")
    PERSON_DELETED = 241, _("Account deleted")
    PERSON_SUSPENDED = 242, _("Account suspended")
    PERSON_RESTORED = 243, _("Account restored")
    STAFF_CREATED = 244, _("Member of staff created")
