"""The web process: Django's WSGI application, and the embedded post office where there is no broker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (these need the apps to be loaded)

from portal import checks  # noqa: E402
from portal.outbox import embedded  # noqa: E402

if settings.BROKER_URL:
    import portal.celery  # noqa: F401  (names the broker to which messages are announced)

checks.refuse_to_start_when_wrong()
embedded.start()
