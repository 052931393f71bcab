"""The web process: Django's WSGI application, and the embedded post office where there is no broker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

from portal.outbox import embedded  # noqa: E402  (needs the apps to be loaded)

embedded.start()
