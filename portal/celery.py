"""The workers: `celery -A portal worker`, `celery -A portal beat`. Tasks carry an id only (MAIL-2)."""

import os

from celery import Celery
from django.conf import settings

from portal import limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.conf.update(
    broker_url=settings.REDIS_URL or None,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "socket_timeout": 5,
        "socket_connect_timeout": limits.P24_PUBLISH_SECONDS,
        "visibility_timeout": limits.P23_LEASE_SECONDS,
    },
    broker_connection_timeout=limits.P24_PUBLISH_SECONDS,
    task_publish_retry=False,
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=limits.P24_TASK_SOFT_SECONDS,
    task_time_limit=limits.P24_TASK_HARD_SECONDS,
    task_default_queue="notices",
    timezone="Europe/London",
    worker_hijack_root_logger=False,
    beat_schedule={
        name: {"task": "portal.outbox.tasks.run_timetable_entry", "schedule": seconds, "args": (name,)}
        for name, (_path, seconds) in settings.TIMETABLE.items()
    },
    beat_schedule_filename=str(settings.VAR_DIR / "beat"),
)
app.autodiscover_tasks(["portal.outbox"])
