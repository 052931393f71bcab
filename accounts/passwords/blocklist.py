"""The words and passwords that everybody guesses first (P3): two offline lists of packages and a small one of our own."""

from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ImproperlyConfigured

from accounts.passwords.reading import plain
from portal import limits

_OWN_FILE: Final = Path(__file__).with_name("context_words.txt")
_WEIGHTS: Final = {"[board]": 0, "[words]": 1}


@cache
def common_passwords() -> frozenset[str]:
    """Return the common passwords of Django and of zxcvbn, folded; read at the first use and kept as long as the process lives.

    Raises `ImproperlyConfigured` when the packages bring fewer than P3 asks.
    """
    passwords = frozenset(plain(line.strip()) for line in (*CommonPasswordValidator().passwords, *_of_zxcvbn()))
    if len(passwords) < limits.P3_BLOCKLIST_SMALLEST:
        raise ImproperlyConfigured(f"The blocklist holds {len(passwords)} passwords, fewer than P3 asks.")
    return passwords


@cache
def context_words() -> dict[str, int]:
    """Return our own words with their weight: 0 for the board and this service, 1 for the others."""
    weights: dict[str, int] = {}
    weight = 1
    for line in _OWN_FILE.read_text(encoding="utf-8").splitlines():
        if line in _WEIGHTS:
            weight = _WEIGHTS[line]
        elif not line.startswith("#"):
            weights |= dict.fromkeys(line.split(), weight)
    return weights


def _of_zxcvbn() -> list[str]:
    """Read zxcvbn's list without importing zxcvbn, which would keep five more lists in memory."""
    package = find_spec("zxcvbn")
    if package is None or not package.submodule_search_locations:
        raise ImproperlyConfigured("The package zxcvbn is missing.")
    path = str(Path(package.submodule_search_locations[0]) / "frequency_lists.py")
    spec = spec_from_file_location("_zxcvbn_lists", path, loader=SourceFileLoader("_zxcvbn_lists", path))
    if spec is None or spec.loader is None:
        raise ImproperlyConfigured("The lists of the package zxcvbn cannot be read.")
    lists = module_from_spec(spec)
    spec.loader.exec_module(lists)
    return list(lists.FREQUENCY_LISTS["passwords"])
