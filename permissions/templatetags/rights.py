"""Rights in templates: `{% load rights %}`, then `{{ "entries.view"|right_label }}`."""

from django import template

from permissions.words import from_code, label

register = template.Library()


@register.filter
def right_label(text: str) -> str:
    """Turn a right's code into its label in the active language; a code of an older table is shown as it is."""
    try:
        return str(label(from_code(text)))
    except ValueError:
        return text
