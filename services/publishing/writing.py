"""Put many rows of a table down at once: by COPY on PostgreSQL, which is what half a million rows want, by Django's own way elsewhere."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from portal import limits


def check_at_once() -> None:
    """Have foreign keys judged with each statement of this transaction, not all together at its end: a commit is then short, whatever went before."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def add_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows whose values stand in the order of `columns`, which are all that the table has but a number that counts by itself."""
    if connection.vendor == "postgresql":
        _copy(model, columns, rows)
        return
    made = (model(**dict(zip(columns, row, strict=True))) for row in rows)
    model._default_manager.bulk_create(list(made), batch_size=limits.SVC5_ROWS_AT_ONCE)  # noqa: SLF001  Django's documented door


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    fields = [next(field for field in model._meta.concrete_fields if field.attname == name) for name in columns]
    prepared = [(place, field) for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    names = ", ".join(connection.ops.quote_name(field.column or field.attname) for field in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        for row in rows:
            values = list(row) if prepared else row
            for place, field in prepared:
                values[place] = field.get_db_prep_save(values[place], connection)  # type: ignore[index]
            copy.write_row(values)
