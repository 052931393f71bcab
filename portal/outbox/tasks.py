"""What the workers do. A task carries an id or a name, re-reads the row, and may be run twice without harm."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from portal.outbox import relay


@shared_task(name="portal.outbox.tasks.deliver_message", queue="codes")
def deliver_message(pk: str) -> None:
    """Deliver one message, if it still waits. Raises `ValueError` for anything that is no id (A150): None would mean any message."""
    relay.deliver(str(UUID(str(pk))))


@shared_task(name="portal.outbox.tasks.run_timetable_entry")
def run_timetable_entry(name: str) -> None:
    """Run one entry of the timetable by its name."""
    path, _seconds = settings.TIMETABLE[name]
    import_string(path)()
