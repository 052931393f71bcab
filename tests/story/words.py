"""The accessible names of the story, in both languages: the guide's English and the glossary's Welsh."""

from typing import Final

WELSH: Final = {
    "Email address": "Cyfeiriad e-bost",
    "Next": "Nesaf",
    "Password": "Cyfrinair",
    "Current password": "Cyfrinair presennol",
    "New password": "Cyfrinair newydd",
    "Forgot your password?": "Wedi anghofio eich cyfrinair?",
    "Send reminder": "Anfon nodyn atgoffa",
    "Update": "Diweddaru",
    "Manage Users": "Rheoli Defnyddwyr",
    "Invite User": "Gwahodd Defnyddiwr",
    "Send invite": "Anfon gwahoddiad",
    "Manage Access": "Rheoli Mynediad",
    "Delete User": "Dileu Defnyddiwr",
    "All Services": "Pob Gwasanaeth",
    "Authenticator App": "Ap dilysu",
    "Text message (SMS)": "Neges destun (SMS)",
    "Email": "E-bost",
    "Verify the setup": "Cadarnhau’r dull hwn",
    "Send a verification code": "Anfon cod dilysu",
    "Edit": "Golygu",
    "Sign out": "Allgofnodi",
    "Settings": "Gosodiadau",
    "Enter the 6-digit code": "Rhowch y cod 6 digid",
    "Enter verification code": "Rhowch y cod dilysu",
    "Phone number": "Rhif ffôn",
    "First name": "Enw cyntaf",
    "Last name": "Cyfenw",
    "Job role": "Swydd",
    "Change password": "Newid cyfrinair",
    "Change MFA method": "Newid dull MFA",
    "Help": "Cymorth",
    "Terms & Conditions": "Telerau ac Amodau",
    "Privacy Notice": "Hysbysiad Preifatrwydd",
    "Cookie Notice": "Hysbysiad Cwcis",
    "Admin account": "Cyfrif Gweinyddol",
    "User account": "Cyfrif Defnyddiwr",
}


def in_language(label: str, language: str) -> str:
    """Return an accessible name in a language."""
    return label if language == "en" else WELSH[label]
