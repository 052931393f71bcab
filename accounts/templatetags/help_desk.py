"""What waits for the help desk, for its first page: `{% load help_desk %}{% waiting_here as tasks %}`."""

from django import template
from django.template.context import Context

from accounts.helpdesk.waiting import Task, tasks_of

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_here(context: Context) -> list[Task]:
    """Return what the member of staff who asks can look at and what waits for a decision."""
    return tasks_of(context["request"].user)
