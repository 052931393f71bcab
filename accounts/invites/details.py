"""What the inviter says of the person they invite."""

from dataclasses import dataclass

from accounts.canonical import canonical_email
from accounts.models import Language
from accounts.profile.names import person_name, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A person to invite. `language` is the inviter's guess: it sets the language of the first visit."""

    email: str
    first_name: str
    last_name: str
    title: str = ""
    job_role: str = ""
    language: str = Language.ENGLISH

    def checked(self) -> "Details":
        """Return the same in the form that is stored. Raises `BadEmail`, `BadName`, and `ValueError` for an unknown language."""
        return Details(
            email=canonical_email(self.email),
            first_name=person_name(self.first_name),
            last_name=person_name(self.last_name),
            title=words(self.title),
            job_role=words(self.job_role),
            language=Language(self.language).value,
        )
