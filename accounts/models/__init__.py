"""The tables of the accounts floor."""

from accounts.models.code import Code, Purpose
from accounts.models.email_change import EmailChange
from accounts.models.factor import Factor, Method
from accounts.models.factor_reset import FactorReset
from accounts.models.invitation import Invitation
from accounts.models.invite_batch import InviteBatch
from accounts.models.recovery import FreezeReference, KnownBrowser, RecoveryCode
from accounts.models.session import Session
from accounts.models.succession import After, Stage, Succession
from accounts.models.user import Language, User

__all__ = [
    "After",
    "Code",
    "EmailChange",
    "Factor",
    "FactorReset",
    "FreezeReference",
    "Invitation",
    "InviteBatch",
    "KnownBrowser",
    "Language",
    "Method",
    "Purpose",
    "RecoveryCode",
    "Session",
    "Stage",
    "Succession",
    "User",
]
