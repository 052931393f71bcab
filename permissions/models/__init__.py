"""The tables of the permissions floor."""

from permissions.models.access_request import AccessRequest, AskedRight, Outcome
from permissions.models.centre import Centre, Country
from permissions.models.grant import Grant
from permissions.models.membership import Membership
from permissions.models.review import Confirmation, Review

__all__ = ["AccessRequest", "AskedRight", "Centre", "Confirmation", "Country", "Grant", "Membership", "Outcome", "Review"]
