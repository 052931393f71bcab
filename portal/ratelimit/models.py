"""One counter for each name, key and window length."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Counter(models.Model):
    """How often something happened in the window that is over at `ends_at`; `key` is a keyed digest, so the table names nobody.

    `most` and `pauses` repeat the rule of the last asking: that is how one statement compares several counters with their own limits.
    """

    key = models.CharField(max_length=64)
    seconds = models.PositiveIntegerField()
    started = models.DateTimeField()
    ends_at = models.DateTimeField(db_default=Now())
    count = models.PositiveIntegerField()
    most = models.PositiveIntegerField(db_default=0)
    pauses = models.BooleanField(db_default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "seconds"], name="counter_once")]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="counter_over")]

    def __str__(self) -> str:
        return f"{self.count} in {self.seconds} s"
