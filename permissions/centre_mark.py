"""A form acts for the centre it was opened for, or not at all (SIGN-7, A78): each form of somebody with several centres says which that was.

The field is written by the page's CSRF tag (`permissions.templatetags.centre_mark`) and asked for by the guards of everything that acts for a
centre. It decides nothing but whether to refuse: the centre itself always comes from the membership.
"""

from typing import Final

from permissions.request import CentreRequest

FIELD: Final = "centre_mark"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_stale(request: CentreRequest) -> bool:
    """Say whether a form was opened for another centre than the one chosen now, or by somebody who had not chosen among several yet."""
    if request.method in _SAFE or request.membership is None:
        return False
    marks = set(request.POST.getlist(FIELD))
    return marks != {str(request.membership.pk)} if marks else request.has_several_centres
