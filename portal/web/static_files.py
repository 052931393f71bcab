"""Static files as whitenoise serves them, but for the list of them."""

from typing import Any, Final

from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

_LIST: Final = "/staticfiles.json"


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serve what was collected; the list of all files, which lies among them, is nobody's business (A141)."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        """Learn of a file."""
        if _LIST not in url:
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
