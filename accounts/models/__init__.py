"""The tables of the accounts floor."""

from accounts.models.code import Code, Purpose
from accounts.models.factor import Factor, Method
from accounts.models.invitation import Invitation
from accounts.models.session import Session
from accounts.models.user import Language, User

__all__ = ["Code", "Factor", "Invitation", "Language", "Method", "Purpose", "Session", "User"]
