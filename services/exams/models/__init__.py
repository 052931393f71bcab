"""The tables of the shared nouns."""

from services.exams.models.candidate import Candidate, Entry
from services.exams.models.qualification import Component, Item, Option, OptionComponent, Qualification, Subject
from services.exams.models.series import Series, SeriesLevel

__all__ = ["Candidate", "Component", "Entry", "Item", "Option", "OptionComponent", "Qualification", "Series", "SeriesLevel", "Subject"]
