"""A tiny kind of message, `ground`, with templates of its own."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings as portal_settings

from portal.outbox.models import Message
from portal.outbox.put import put

TEMPLATES: Final = {
    "email/ground/subject.txt": "{% load i18n %}{% translate 'Email' %}:\n {{ name }}",
    "email/ground/body.txt": '{% extends "email/base.txt" %}{% block body %}{{ name }} | {{ secret }} | {{ sent_at|date:"Y-m-d H:i" }} |'
    ' {{ ends_on|date:"j F Y" }} | {{ link }} | {{ base_url }}{% endblock %}',
    "email/ground/body.html": '{% extends "email/base.html" %}{% block body %}<p>{{ name }}</p><p class="code">{{ secret }}</p>'
    "{% endblock %}",
    "sms/ground.txt": "{% load i18n %}{% translate 'Welsh' %}: {{ secret }} ŵŷâ ‘’ “” – {{ name }}",
}

portal_settings.MESSAGE_QUEUES["ground"] = "notices"


def write_templates(folder: Path, settings: Any) -> None:
    """Put the templates into a folder and let the engine look there too."""
    for name, text in TEMPLATES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], folder]}]


def letter(to: str = "nia@glan.example", **changes: Any) -> Message:
    """Put one such message into the outbox."""
    context = {"name": "Nia"} | changes.pop("context", {})
    return put("ground", to=to, context=context, **{"language": "en", "secret": "hush-hush", **changes})
