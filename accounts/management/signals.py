"""What the demonstration's command tells the floor above, which fills in what its people come for."""

from typing import Final

from django.dispatch import Signal

demo_wanted: Final = Signal()
"""Sent by `manage.py demo` once its people exist, at every start of a demonstration and nowhere else."""
