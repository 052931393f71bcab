"""How many texts may leave (P16): for a number, a person, a centre, and in all; sending costs money, which fraudsters pump (A146)."""

import logging
from typing import Final

from django.conf import settings

from accounts.codes.rules import NoTextNow
from accounts.events import Event
from accounts.models import User
from permissions.models import Membership
from portal import limits
from portal.audit.record import record
from portal.ratelimit import allow

_DAY: Final = 86_400
_log = logging.getLogger("portal.sms")


def take_text(*, user: User, number: str) -> None:
    """Count one text to a number (E.164) for a person. Raises `NoTextNow`, which uses up nothing.

    Half of the day's budget and the whole of it each leave an event and a line in the log, once, for the operators.
    """
    centres = Membership.objects.filter(user=user).order_by("pk").values_list("centre_id", flat=True)[:1]
    asks = [
        allow.Ask("sms-number", number, [(limits.P16_SMS_PER_NUMBER_PER_DAY, _DAY)]),
        allow.Ask("sms-person", str(user.pk), [(limits.P16_SMS_PER_PERSON_PER_DAY, _DAY)]),
        *(allow.Ask("sms-centre", str(centre), [(limits.P16_SMS_PER_CENTRE_PER_DAY, _DAY)]) for centre in centres),
        allow.Ask("sms-all", "", [(_budget(limits.P16_SMS_BUDGET_STOP_PERCENT), _DAY)]),
    ]
    taken = allow.take(*asks)
    if taken is None:
        raise NoTextNow()
    sent = taken.counts["sms-all", _DAY]
    for percent in (limits.P16_SMS_BUDGET_ALARM_PERCENT, limits.P16_SMS_BUDGET_STOP_PERCENT):
        if sent == _budget(percent):
            _log.error("text messages: %s of %s for this day have left (P16)", sent, settings.SMS_BUDGET_PER_DAY)
            record(Event.SMS_BUDGET_ALARM, percent=percent, sent=sent)


def _budget(percent: int) -> int:
    return int(settings.SMS_BUDGET_PER_DAY * percent // 100)
