"""Tell which constraint the database refused, so that a flow can say it kindly. PostgreSQL names it; SQLite names columns or the check."""

from django.db import IntegrityError
from django.db.models import Model, UniqueConstraint


def violated(error: IntegrityError, model: type[Model], constraint: str) -> bool:
    """Say whether `error` came from the constraint of `model` with this name. Raises `LookupError` for a name the model does not have."""
    meta = model._meta
    rule = next((each for each in meta.constraints if each.name == constraint), None)
    if rule is None:
        raise LookupError(constraint)
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint)
    refused = str(error).partition("constraint failed: ")[2]
    if isinstance(rule, UniqueConstraint):
        return refused == ", ".join(f"{meta.db_table}.{getattr(meta.get_field(field), 'column', field)}" for field in rule.fields)
    return refused == constraint
