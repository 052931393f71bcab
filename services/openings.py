"""When each service opens: one place to change a date. The first day of a month stands for the month, which is all that pages show."""

from datetime import date
from typing import Final

ENTRIES: Final = date(2027, 1, 1)
A2C_KEYS: Final = date(2027, 1, 1)
ACCESS_ARRANGEMENTS: Final = date(2027, 1, 1)
INTERNAL_ASSESSMENT: Final = date(2027, 2, 1)
