"""Titles and codes as words that are found by their beginnings: written anew for what there is, with PostgreSQL's index for it."""

from django.db import migrations

from services.resources.words import INDEX, kept_words

_NAME = "resource_words"


def write_words(apps, schema_editor):
    rows = apps.get_model("resources", "Resource").objects.using(schema_editor.connection.alias)
    for row in rows.select_related("subject", "qualification", "component").iterator():
        codes = (row.component.code if row.component else "", row.qualification.code, str(row.year))
        wholes = (row.qualification, row.subject)
        titles = (row.title_en, row.title_cy, *(title for whole in wholes for title in (whole.title_en, whole.title_cy)))
        rows.filter(pk=row.pk).update(searched=kept_words((*codes, *titles)))


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX {_NAME} ON resources_resource USING gin (({INDEX}))")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {_NAME}")


class Migration(migrations.Migration):

    dependencies = [("resources", "0001_resources")]

    operations = [
        migrations.RunPython(write_words, migrations.RunPython.noop),
        migrations.RunPython(make_index, drop_index),
    ]
