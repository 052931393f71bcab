"""Ask a page and take back what that did, so that one sign-in serves a whole sweep and every page meets the same state."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from django.db import transaction
from django.test import Client


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Put the database and the browser's cookies back afterwards."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies
