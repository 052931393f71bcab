"""One counter for each name, key and window length."""

from typing import ClassVar

from django.db import models


class Counter(models.Model):
    """How often something happened since `started`; `key` is a keyed digest, so the table names nobody."""

    key = models.CharField(max_length=64)
    seconds = models.PositiveIntegerField()
    started = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "seconds"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.count} in {self.seconds} s"
