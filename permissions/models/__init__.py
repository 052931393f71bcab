"""The tables of the permissions floor."""

from permissions.models.centre import Centre, Country
from permissions.models.grant import Grant
from permissions.models.membership import Membership

__all__ = ["Centre", "Country", "Grant", "Membership"]
