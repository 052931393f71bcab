"""Say in a message why another one came back."""

from django import template

from portal.outbox.bounces import Bounce

register = template.Library()


@register.filter
def bounce_sentence(name: str) -> str:
    """Return the sentence of a `Bounce` by its name."""
    return str(Bounce[name].sentence)
