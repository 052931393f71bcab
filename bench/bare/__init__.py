"""A bare Django site, as anybody would write it: sessions, users, a few rows. Nothing of ours; the benches compare with it."""
