"""Say in a message why another one came back."""

from django import template

from portal.outbox.bounces import Bounce

register = template.Library()


@register.filter
def bounce_sentence(name: str) -> str:
    """Return the sentence of a `Bounce` by its name; one that an older version wrote and we no longer know is the vaguest."""
    return str(Bounce.__members__.get(name, Bounce.REFUSED).sentence)
