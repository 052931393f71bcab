"""What the workers do. A task carries an id or a name, re-reads the row, and may be run twice without harm."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from portal.outbox import canary, relay, wake


@shared_task(name="portal.outbox.tasks.deliver_message")
def deliver_message(pk: str) -> None:
    """Deliver one message and others of its queue; what there is no time for is called for again, behind what came meanwhile.

    Raises `ValueError` for anything that is no id (A150): None would mean any message.
    """
    left = relay.deliver(str(UUID(str(pk))))
    if left is not None:
        wake.call(str(left.pk), left.queue)


@shared_task(name="portal.outbox.tasks.run_timetable_entry")
def run_timetable_entry(name: str) -> None:
    """Run one entry of the timetable by its name."""
    path, _seconds = settings.TIMETABLE[name]
    import_string(path)()


@shared_task(name="portal.outbox.tasks.show_sign")
def show_sign(name: str) -> None:
    """Leave a worker's sign of life: it came through the broker, a process of its pool and the database."""
    canary.show(name)
