"""Queries that Django puts together once and that are asked many times: putting one together costs several times what asking it does.

A fixed query is written as any other, with `Given` where a value comes in. Its text is kept, never an answer: a condition in it, such as the
release gate's, is judged by the database each time. Measured by bench/page_cost.py.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, BooleanField, Expression, F, Func, Model, QuerySet

M = TypeVar("M", bound=Model)
_MOST_SHAPES: Final = 256
"""Texts kept of one query; beyond that they are put together again."""

COUNTED: Final = Func(F("pk"), function="COUNT", output_field=BigIntegerField())
"""How many rows, as the only column of a fixed query without an order."""


class Given(Expression):
    """A value that comes with the question, taken as `field` takes it."""

    def __init__(self, name: str, field: Any) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Leave room for the value, and say which it is."""
        return "%s", [self]

    def value(self, given: Any, connection: Any) -> Any:
        """Return a value as the database takes it."""
        return self.output_field.get_db_prep_value(given, connection)


class GivenMany(Given):
    """Any number of values for `Among`, of a kind whose text has no comma, quote or brace: keys."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Leave room for them all at once."""
        room, parameters = super().as_sql(compiler, connection)
        return (f"{room}::{self.output_field.db_type(connection)}[]" if connection.vendor == "postgresql" else room), parameters

    def value(self, given: Iterable[Any], connection: Any) -> Any:
        """Return them as one text: an array's, or JSON where there are none (SQLite)."""
        prepared = self.output_field.get_db_prep_value
        values = [prepared(one, connection) for one in given]
        return f"{{{','.join(map(str, values))}}}" if connection.vendor == "postgresql" else json.dumps(values)


class Among(Func):
    """The condition that a column is one of the values given: one text for any number of them, which Django's `in` does not have."""

    arity = 2
    output_field = BooleanField()
    arg_joiner = " = ANY("
    template = "%(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Write it for SQLite."""
        return self.as_sql(compiler, connection, arg_joiner=" IN (SELECT value FROM json_each(", template="%(expressions)s))", **context)


class FixedQuery:
    """A query by its builder, which returns rows of values; the builder's arguments are the query's shape, each shape a text of its own."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._kept: dict[Hashable, _Text] = {}

    def rows(self, *shape: Hashable, **given: Any) -> list[Any]:
        """Ask with these values; returns tuples. Raises `KeyError` for a value that is missing."""
        return self._ask(shape, lambda: self._build(*shape), given)

    def _ask(self, shape: Hashable, build: Callable[[], QuerySet[Any, Any]], given: dict[str, Any]) -> list[Any]:
        text = self._kept.get(shape)
        if text is None:
            if len(self._kept) >= _MOST_SHAPES:
                self._kept.clear()
            text = self._kept[shape] = _Text(build())
        return text.ask(given)


@cache
def columns(model: type[Model]) -> tuple[str, ...]:
    """Return the names of a model's own columns, for a fixed query of its rows."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def instance(model: type[M], values: Sequence[Any]) -> M:
    """Return a row of a model from the values of all its columns, as Django's own queries make one."""
    return model.from_db(DEFAULT_DB_ALIAS, columns(model), values)


class _Text:
    """A query's text with the places of its values."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.sql, self.parameters = compiler.as_sql()
        self.converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])

    def ask(self, given: dict[str, Any]) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]  # once: each look through Django's stand-in for it costs as much as a short query's text
        values = [one.value(given[one.name], connection) if isinstance(one, Given) else one for one in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            rows: list[Any] = cursor.fetchall()
        return [self._converted(row, connection) for row in rows] if self.converters else rows

    def _converted(self, row: Any, connection: Any) -> tuple[Any, ...]:
        """Turn what SQLite keeps in its own way into what it stands for."""
        columns = list(row)
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                columns[place] = convert(columns[place], column, connection)
        return tuple(columns)
