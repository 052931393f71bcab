"""Put the triggers in place again: SQLite's INSERT OR REPLACE is refused too (AUD)."""

from typing import Any

from django.db import migrations

from portal.audit import triggers


def install(_apps: Any, schema_editor: Any) -> None:
    """Put what is missing in place."""
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
