"""What the processes of one Portal agreed on, as digests: this table is worth nothing to whoever steals it."""

from django.db import models


class Agreed(models.Model):
    """One setting. `digests` has one for each of its values, that in use first; keys are random and long enough to be digested without another."""

    name = models.CharField(max_length=40, primary_key=True)
    digests = models.JSONField()

    def __str__(self) -> str:
        return self.name
