"""Centres and people for the tests of this floor."""

import pytest

from permissions.models import Centre
from tests.permissions.people import new_centre


@pytest.fixture
def centre(db: None) -> Centre:
    """A centre without people."""
    return new_centre()
