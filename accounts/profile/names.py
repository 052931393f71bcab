"""Which names are taken: names of people, never an address to click on in somebody else's e-mail (A68, A105). Pure."""

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal

_DOTS: Final = str.maketrans("\u3002\uff61\u2024\u2e33", "....")
_LINK: Final = re.compile(r"://|www\.|@|\S\.\w{2,}", re.IGNORECASE)
_IN_NAMES: Final = frozenset("'’‘\u02bc.,()·")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


class BadName(Refusal):
    """The words cannot stand in a message to somebody else."""

    message = _("Enter a name without symbols")


def words(text: str) -> str:
    """Return text in one Unicode form with single spaces. Raises `BadName` for anything that a mail program could turn into a link."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(character) in _INVISIBLE for character in plain):
        raise BadName(_("Remove the characters that cannot be shown"))
    if _LINK.search(unicodedata.normalize("NFKC", plain).translate(_DOTS)):
        raise BadName(_("Remove the web address or email address. Put a space after a full stop"))
    return plain


def person_name(text: str) -> str:
    """Return a first or last name: letters, marks, figures, spaces, hyphens, apostrophes, full stops, brackets. Raises `BadName`."""
    plain = words(text)
    if not all(_may_stand_in_a_name(character) for character in plain):
        raise BadName()
    if plain and not any(character.isalpha() for character in plain):
        raise BadName(_("Enter a name with at least one letter"))
    return plain


def _may_stand_in_a_name(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category in {"Nd", "Zs", "Pd"} or character in _IN_NAMES


class WordsField(forms.CharField):
    """A field for words about a person, such as a title or job role."""

    def clean(self, value: Any) -> str:
        """Return the words in their plain form, or say what to remove."""
        text = super().clean(value)
        try:
            return self.plain(text)
        except BadName as refusal:
            raise ValidationError(str(refusal.message)) from None

    def plain(self, text: str) -> str:
        """Apply the rule of this kind of field."""
        return words(text)


class NameField(WordsField):
    """A field for a first or last name."""

    def plain(self, text: str) -> str:
        """Apply the rule for names of people."""
        return person_name(text)
