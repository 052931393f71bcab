"""The workers: `celery -A portal worker`, `celery -A portal beat`. Tasks carry an id only (MAIL-2)."""

import os

from celery import Celery
from django.conf import settings
from kombu import Exchange, Queue

from portal import limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# A worker waits for its broker. Whoever only announces work does not: without an answer at once the sweep finds the message (P24).
_PATIENCE = limits.P24_PROVIDER_SECONDS if settings.WORKER else limits.P24_PUBLISH_SECONDS
_ONCE = {} if settings.WORKER else {"max_retries": 0}
_REDIS = {
    "socket_timeout": _PATIENCE,
    "socket_connect_timeout": _PATIENCE,
    "socket_keepalive": True,
    "visibility_timeout": limits.P23_LEASE_SECONDS,
}
_AMQP = {"read_timeout": _PATIENCE, "write_timeout": _PATIENCE, "confirm_publish": True}

app = Celery("portal")
app.conf.update(
    broker_url=settings.BROKER_URL or None,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # a worker waits for its broker as long as it takes
    broker_transport_options=(_REDIS if settings.BROKER_URL.startswith("redis") else _AMQP) | _ONCE,
    broker_connection_timeout=_PATIENCE,
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
    # A worker without -Q serves all in turn; with -Q one can stand ready for codes alone.
    task_queues=[Queue(name, Exchange(name), routing_key=name) for name in ("codes", "notices", "bulk")],
    task_default_queue="notices",
    timezone=settings.TIME_ZONE,
    worker_hijack_root_logger=False,
    beat_schedule={
        # An entry that no worker took before its next turn is dropped: after a pause each runs once.
        name: {
            "task": "portal.outbox.tasks.run_timetable_entry",
            "schedule": seconds,
            "args": (name,),
            "options": {"expires": seconds},
        }
        for name, (_path, seconds) in settings.TIMETABLE.items()
    },
    beat_schedule_filename=str(settings.VAR_DIR / "beat"),
)
# For every thread of a web process, not only for the one that loads this.
app.set_default()
app.autodiscover_tasks(["portal.outbox", "services.publishing"])

from portal.outbox import watch  # noqa: E402,F401  (listens to the worker's signals)
