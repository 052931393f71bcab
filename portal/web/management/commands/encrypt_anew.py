"""`manage.py encrypt_anew`: write everything that is kept encrypted once more, under the first of ENCRYPTION_KEYS and the present algorithm."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from portal.crypto import EncryptedTextField


class Command(BaseCommand):
    """Go through all columns of ciphertext, row by row, while the Portal runs; may be stopped and begun again at any time."""

    help = "Encrypt anew what is kept encrypted, under the first of ENCRYPTION_KEYS."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write each row anew. Raises `CommandError` at the end if some could not be opened: their key is missing."""
        closed = 0
        for model in apps.get_models():
            names = [field.attname for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
            if names:
                written, left = _rows_anew(model, names)
                closed += left
                self.stdout.write(f"{model._meta.label}: {written} rows written anew, {left} could not be opened")
        if closed:
            raise CommandError(f"{closed} rows could not be opened: put their key back into ENCRYPTION_KEYS.")


def _rows_anew(model: type[models.Model], names: list[str]) -> tuple[int, int]:
    """Return how many rows were written, and how many no key opens."""
    rows = model._base_manager.exclude(**dict.fromkeys(names, ""))  # noqa: SLF001  Django's documented name
    written = left = 0
    for pk in list(rows.values_list("pk", flat=True)):
        try:
            # Held while it is written, so that a secret that is wiped meanwhile does not come back.
            with transaction.atomic():
                row = rows.select_for_update().filter(pk=pk).values(*names).first()
                if row is not None:
                    written += rows.filter(pk=pk).update(**{name: text for name, text in row.items() if text})
        except InvalidToken:
            left += 1
    return written, left
