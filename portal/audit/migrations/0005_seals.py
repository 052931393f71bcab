"""Seal each event, and a chain over them (A135). What is there already is sealed as it stands; old code may go on writing meanwhile (F29)."""

from typing import Any

from django.db import migrations, models

from portal.audit import triggers
from portal.audit.seal import new_seal

_AT_ONCE = 1000


def seal_what_is_there(apps: Any, schema_editor: Any) -> None:
    """Write the seals of earlier events, then put the triggers back: SQLite built the table anew without them."""
    connection = schema_editor.connection
    triggers.remove(connection)
    events = apps.get_model("audit", "AuditEvent").objects
    while batch := list(events.filter(seal="")[:_AT_ONCE]):
        for event in batch:
            event.seal = new_seal(event)
        events.bulk_update(batch, ["seal"])
    triggers.install(connection)


def put_back(_apps: Any, schema_editor: Any) -> None:
    """Put the triggers back after the reverse migration."""
    triggers.install(schema_editor.connection)


def remove(_apps: Any, schema_editor: Any) -> None:
    """Take the triggers away, or SQLite could not build the table anew."""
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_centre_indexes")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, put_back),
        migrations.AddField(
            model_name="auditevent",
            name="seal",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=80),
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"ordering": ["position"]},
        ),
        migrations.RunPython(seal_what_is_there, remove),
    ]
