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
    OLDEST_SESSION_ENDED = 205, _("Oldest session ended by a newer one")
    GUESSING_ALARM = 206, _("Many wrong passwords in a short time")
    SMS_BUDGET_ALARM = 207, _("Text message budget used up or half used")
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
    PASSWORD_LOCKED = 224, _("Password disabled after too many wrong ones")
    EMAIL_CHANGE_ASKED = 225, _("Change of email address asked for")
    EMAIL_CHANGED = 226, _("Email address changed")
    EMAIL_CHANGE_UNDONE = 227, _("Change of email address undone")
    ACCOUNT_FROZEN = 228, _("Account frozen by its owner")
    INVITE_LOCKED = 229, _("Invite locked after too many wrong tries")
    FACTOR_ADDED = 230, _("MFA method set up")
    FACTOR_CHANGED = 231, _("MFA method changed")
    CONFIRMED = 232, _("Confirmed who they are")
    CODE_SENT = 233, _("Code sent")
    FACTOR_REMOVED = 234, _("MFA method removed")
    FACTORS_RESET = 235, _("MFA methods reset")
    FACTOR_RESET_ASKED = 236, _("MFA reset asked for")
    FACTOR_RESET_REFUSED = 237, _("MFA reset refused")
    RECOVERY_CODES_MADE = 238, _("Recovery codes made")
    RECOVERY_CODE_USED = 239, _("Recovery code used")
    PROFILE_CHANGED = 240, _("Profile changed")
    PERSON_DELETED = 241, _("Account deleted")
    PERSON_SUSPENDED = 242, _("Account suspended")
    PERSON_RESTORED = 243, _("Account restored")
    STAFF_CREATED = 244, _("Member of staff created")
    FACTOR_LOCKED = 245, _("Codes disabled after too many wrong ones")
    HOLD_STARTED = 246, _("24-hour hold began")
    HOLD_ENDED = 247, _("24-hour hold ended by the help desk")
    DEFAULT_FACTOR_CHANGED = 248, _("Preferred MFA method changed")
    REGISTER_EXPORTED = 265, _("Account register downloaded")
    INVITE_BOUNCED = 290, _("Invite could not be delivered")
    INVITED_FROM_FILE = 255, _("Invites sent from a file")
