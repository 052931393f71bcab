"""Search and sort names without their accents, in the database: Sian finds Siân (ui.md 1.6).

PostgreSQL translates letter by letter; SQLite has no such function and is lent ours.
"""

import unicodedata
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Func
from django.db.models.sql.compiler import SQLCompiler

_ACCENTED: Final = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿŵŷẁẃẅỳāēīōūăćčęłńřśšťůźżž"
_LENT: Final = "portal_fold"
_EXTRA: Final = {"’": "'", "‘": "'", "ł": "l"}


def fold(text: str) -> str:
    """Return text as it is compared: small letters without accents, one kind of apostrophe."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_EXTRA.get(character, character) for character in plain if not unicodedata.combining(character))


def _pairs() -> dict[str, str]:
    small = {letter: fold(letter) for letter in _ACCENTED}
    return small | {letter.upper(): plain for letter, plain in small.items()} | _EXTRA


_PAIRS: Final = _pairs()


class Folded(Func):
    """A text column as `fold` would return it."""

    function = "LOWER"
    output_field = CharField()

    def as_postgresql(self, compiler: SQLCompiler, _connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        """Translate all letters at once."""
        inner, values = compiler.compile(self.source_expressions[0])
        return f"LOWER(TRANSLATE({inner}, %s, %s))", (*values, "".join(_PAIRS), "".join(_PAIRS.values()))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        """Call `fold` itself."""
        _lend(connection)
        inner, values = compiler.compile(self.source_expressions[0])
        return f"{_LENT}({inner})", tuple(values)


def _lend(connection: BaseDatabaseWrapper) -> None:
    """Make `fold` known to an SQLite connection, once for each connection that is opened."""
    connection.ensure_connection()
    if getattr(connection, _LENT, None) is not connection.connection:
        connection.connection.create_function(_LENT, 1, fold, deterministic=True)
        setattr(connection, _LENT, connection.connection)
