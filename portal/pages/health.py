"""Health: /live needs nothing, /ready needs the database and its migrations. Neither tells a version (A140)."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say whether this process may get requests: the database answers and is migrated. Not Redis, not the mail server: without them it only gets slower."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        pending = [None]  # type: ignore[list-item]
    if pending:
        return HttpResponse("not ready", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")
