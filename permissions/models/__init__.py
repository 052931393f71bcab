"""The tables of the permissions floor."""

from permissions.models.access_request import AccessRequest, AskedRight, Outcome
from permissions.models.centre import Centre, Country
from permissions.models.grant import Grant
from permissions.models.membership import Membership

__all__ = ["AccessRequest", "AskedRight", "Centre", "Country", "Grant", "Membership", "Outcome"]
