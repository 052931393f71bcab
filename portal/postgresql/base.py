"""The backend that `portal.database_url` names for PostgreSQL; Django finds it by the name of this module."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks whether a kept connection still stands without asking the server each time (CONN_HEALTH_CHECKS).

    A server that went, was restarted or threw us out has closed its end or said so, and then there is something to read where nothing
    should be; only then is it asked. One that is cut off without a word leaves no mark either way, and the time limits end the wait.
    """

    def is_usable(self) -> bool:
        """Say whether the connection can be used."""
        if self.connection is None or self.connection.closed or self.connection.info.transaction_status == TransactionStatus.ACTIVE:
            return False  # the last: whoever asked went before the answer came, as a worker does whose time is over
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
