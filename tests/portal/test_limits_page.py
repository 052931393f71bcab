"""docs/limits.md says what portal/limits.py says, and every rule of the specification has its numbers there."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from portal import limits

ROOT = Path(__file__).resolve().parents[2]
NAMES = [name for name in vars(limits) if name.isupper()]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The script behind `make limits`."""
    spec = importlib.util.spec_from_file_location("limits_page", ROOT / ".ci" / "limits_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_module_says(generator: ModuleType) -> None:
    assert (ROOT / "docs" / "limits.md").read_text() == generator.page(), "run `make limits`"


def test_the_page_shows_every_number_of_the_module_with_its_true_value(generator: ModuleType) -> None:
    shown: dict[str, Any] = {limit.name: limit.value for limit in generator.limits()}
    assert shown == {name: getattr(limits, name) for name in NAMES}


@pytest.mark.parametrize("rule", range(1, 25))
def test_each_rule_from_p1_to_p24_has_its_limits(rule: int) -> None:
    assert [name for name in NAMES if name.startswith(f"P{rule}_")], f"P{rule}"


def test_the_units_are_words(generator: ModuleType) -> None:
    rows = [
        limit
        for limit in generator.limits()
        if re.search(r"(?<!_5)_(SECONDS|MINUTES|HOURS|DAYS|MONTHS|BYTES|KIB|BITS|PERCENT)$", limit.name)
    ]
    assert rows
    assert all(re.search(r"[a-zA-Z]", limit.amount) for limit in rows)
