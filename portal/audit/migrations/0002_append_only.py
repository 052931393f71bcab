"""Make the trail append-only by triggers (AUD); reversible."""

from typing import Any

from django.db import migrations

from portal.audit import triggers


def install(_apps: Any, schema_editor: Any) -> None:
    """Put the triggers in place."""
    triggers.install(schema_editor.connection)


def remove(_apps: Any, schema_editor: Any) -> None:
    """Take them away."""
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_trail")]
    operations = [migrations.RunPython(install, remove)]
