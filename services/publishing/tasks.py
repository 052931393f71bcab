"""What a worker does with files of staff. A task carries an id and may be run twice without harm: the row is held by whoever came first."""

from uuid import UUID

from celery import shared_task

from portal import limits
from services.publishing.work import work


@shared_task(
    name="services.publishing.tasks.work_on_file",
    soft_time_limit=limits.SVC5_IMPORT_SECONDS,
    time_limit=limits.SVC5_IMPORT_SECONDS + limits.P24_TASK_SOFT_SECONDS,
)
def work_on_file(pk: str) -> None:
    """Check or publish a file, whichever its row asks for. Raises `ValueError` for anything that is no id (A150)."""
    work(UUID(str(pk)))
