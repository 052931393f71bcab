"""The cost of a password hash (P2)."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from portal import limits


class PortalArgon2(Argon2PasswordHasher):
    """Argon2id with the cost of P2: about 20 ms and 19 MiB a check, so that a results morning does not exhaust the machine."""

    time_cost = limits.P2_ARGON2_TIME_COST
    memory_cost = limits.P2_ARGON2_MEMORY_KIB
    parallelism = limits.P2_ARGON2_PARALLELISM
