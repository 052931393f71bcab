"""The web process: Django's WSGI application, and the embedded post office where there is no broker."""

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402  (these need the apps to be loaded)
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.urls import reverse  # noqa: E402

from portal import checks  # noqa: E402
from portal.outbox import embedded  # noqa: E402
from portal.web.well_formed import Request  # noqa: E402


class Handler(WSGIHandler):
    """Django's, with requests that are read as UTF-8."""

    request_class = Request


application = Handler()

if settings.BROKER_URL:
    import portal.celery  # noqa: F401  (names the broker to which messages are announced)

checks.refuse_to_start_when_wrong()
embedded.start()
# Load what the first visitor would wait for. All of it stays as long as the process: to look through it for rubbish again and again would hold up
# everybody in the process for 50 ms each time. What a page makes is gone with it, so that the rest is looked through seldom as well.
reverse("home")
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
