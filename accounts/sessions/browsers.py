"""A browser in words, from what it says of itself: "Edge, Windows". Only to be recognised by its owner, never to decide anything. Pure."""

from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def in_words(browser: str) -> str:
    """Return name and system of a browser, or "" for one we do not know. The first mark found counts: most browsers also claim to be others."""
    names = [next((name for mark, name in marks if mark in browser), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, names))
