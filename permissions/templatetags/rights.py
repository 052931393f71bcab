"""Rights in templates: `{% load rights %}`, then `{{ "entries.view"|right_label }}`."""

from datetime import date

from django import template
from django.utils.formats import date_format

from permissions.words import from_code, label

register = template.Library()


@register.filter
def right_label(text: str) -> str:
    """Turn a right's code into its label in the active language; a code of an older table is shown as it is."""
    try:
        return str(label(from_code(text)))
    except ValueError:
        return text


@register.filter
def day(text: str) -> str:
    """Write an ISO date as people do, in the active language: 13 August 2026."""
    return date_format(date.fromisoformat(text), "j F Y")
