"""Put a stored choice into words, in the language of the page."""

from django.db.models import TextChoices


def label_of(choices: type[TextChoices], value: str) -> str:
    """Return the label of a stored value, or the value itself where it is none of the choices (blank).

    What Django's own `get_..._display` does, which translates every choice of the field to find one: a table of results has hundreds.
    """
    try:
        return str(choices(value).label)
    except ValueError:
        return value
