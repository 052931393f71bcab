"""What the session cookie holds: chance and nothing else."""

import math

from django.contrib.sessions.backends.base import VALID_KEY_CHARS

from accounts.sessions.store import SessionStore


def test_v7_2_3_an_id_has_more_than_128_random_bits_and_never_comes_twice() -> None:
    ids = {SessionStore()._get_new_session_key() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(key) * math.log2(len(VALID_KEY_CHARS)) > 160 for key in ids} == {True}
    seen = [set(letters) for letters in zip(*ids, strict=True)]
    assert all(letters == set(VALID_KEY_CHARS) for letters in seen), "every letter at every place"
