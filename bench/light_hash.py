"""Portal's settings with a password hash that costs nothing: what remains of a sign-in is the cost of our own code. Starts with PORTAL_ENV=test only."""

from portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
