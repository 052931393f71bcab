"""Fixed queries of what is gated: the look comes with each question, so that its centre can neither be left out nor be another's."""

from collections.abc import Hashable
from typing import Any

from portal.fixed_query import FixedQuery
from services.releases.gate import Look


class SeenQuery(FixedQuery):
    """A fixed query whose builder takes a look first, as `seen_by` does."""

    def seen(self, look: Look, *shape: Hashable, **given: Any) -> list[Any]:
        """Ask for what this look may see now; returns tuples. Raises `KeyError` for a value that is missing."""
        return self._ask((look.sight, *shape), lambda: self._build(look.of_any_centre, *shape), {**given, "centre": look.centre.pk})
