"""A Portal at an address at which browsers make passkeys."""

from typing import Any

import pytest

from tests.accounts.factors.passkey.authenticator import ORIGIN


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.PORTAL_BASE_URL = ORIGIN
