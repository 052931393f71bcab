"""What the bare site's lists show."""

from typing import ClassVar

from django.db import models


class Candidate(models.Model):
    """Somebody with results."""

    number = models.CharField(max_length=4)
    uci = models.CharField(max_length=13)
    name = models.CharField(max_length=160, db_index=True)
    grade = models.CharField(max_length=4)

    objects: ClassVar[models.Manager["Candidate"]] = models.Manager()

    class Meta:
        app_label = "bare"
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Award(models.Model):
    """A result of a candidate."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="awards")
    code = models.CharField(max_length=6)
    title = models.CharField(max_length=150)
    grade = models.CharField(max_length=4)

    class Meta:
        app_label = "bare"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code
