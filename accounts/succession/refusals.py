"""What a case of a change of Exams Officer can refuse, each with its sentence."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class CaseOpen(Refusal):
    """The centre has an open case; two that ask at once come here too (the database keeps one)."""

    message = _("Somebody at your centre has already asked to change the Exams Officer. Wait for the answer or withdraw that request")


class CaseOver(Refusal):
    """Somebody ended the case a moment ago, or it ran out."""

    message = _("This request is no longer open")


class NotYoursToAsk(Refusal):
    """Only the Exams Officer and the Admins of a centre ask, only who asked takes it back, and only staff decide."""

    message = _("You cannot ask for this")


class SamePerson(Refusal):
    """The new person is the Exams Officer already."""

    field = "email"
    message = _("This person is already the Exams Officer")


class OpenInvite(Refusal):
    """The new person has an open invite of the centre to another account."""

    field = "email"
    message = _("There is an open invite for this email address. Withdraw it first, or wait until it is accepted")


class HeadIsInvolved(Refusal):
    """The head of centre's address is that of the asker, the new person or the present Exams Officer: nobody confirms for themselves."""

    field = "head_email"
    message = _("Enter the head of centre’s own email address: not yours, the present Exams Officer’s or the new Exams Officer’s")


class TooManyCases(Refusal):
    """More in a day than a head of centre should be written to about."""

    message = _("Too many requests were made today. Try again tomorrow")


class BadCaseReference(Refusal):
    """The reference is unknown, used or too old, or too many were tried: one sentence for all."""

    field = "reference"
    message = _("This reference is wrong, used or too old. Copy it from our email, or write to the IT Helpdesk")


class PersonClosed(Refusal):
    """The new person's account is suspended or frozen."""

    message = _("The new Exams Officer’s account is suspended or frozen. Open it first")


class DeciderInvolved(Refusal):
    """Who asked, leaves or comes decides nothing about it."""

    message = _("You are part of this case. Another member of staff decides about it")
