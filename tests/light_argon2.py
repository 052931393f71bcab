"""The Portal's own hasher at a cost that suits tests: same algorithm, same paths, fewer milliseconds.

Every test in this process hashes with it (tests/conftest.py). What production pays (P2) is proved by tests/portal/test_checks.py, which asks
for `PortalArgon2` by name; the Portals that tests start as processes of their own know nothing of this one.
"""

from accounts.passwords.hasher import PortalArgon2


class LightArgon2(PortalArgon2):
    """Argon2id over one MiB once."""

    time_cost = 1
    memory_cost = 1024
