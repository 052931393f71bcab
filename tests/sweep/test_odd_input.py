"""Odd input everywhere: no form answers it with a server error (A51, A65, A143)."""

import pytest
from django.urls import reverse

from tests.cast import Cast, half_sign_in, let_in
from tests.sweep.test_identities import GUARDED, _address
from tests.sweep.undo import undone

FIELDS = (
    "email", "password", "new_password", "current_password", "code", "number", "method", "language", "title", "first_name", "last_name",
    "job_role", "phone", "role", "rights", "rights_user", "rights_admin", "ends_on", "next", "invitation", "membership", "search", "page",
    "sort", "agreed", "send", "verify", "again", "way", "credential", "codes", "saved", "device", "reference", "file", "who", "act", "turn",
    "purpose", "reason", "answer", "place", "person", "kind", "first_day", "last_day", "centre_mark", "restricted_at", "general_at", "series", "level",
)  # fmt: skip
QUERY = ("ask", "at", "before", "find", "who", "kind", "first_day", "last_day", "words", "tier", "group")
ODD = ["\x00", "\ud7ff\u202e", "x" * 5_000, "-1", "9" * 400, "<script>", "%00", "२०२६", "2026-13-45", "' OR 1=1"]


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_a51_odd_values_in_every_field_of_every_page_are_never_a_server_error(cast: Cast, value: str) -> None:
    fields = {field: [value, value] for field in FIELDS}
    query = {"q": value, "page": value, "sort": value, "status": value, "search": value} | dict.fromkeys(QUERY, value)
    admin, others = let_in(cast.admin), (half_sign_in(cast.user), let_in(cast.exams_officer))
    for name in sorted(GUARDED):
        address = _address(name, cast)
        for client in others if name == "sign-in" else (admin,):
            with undone(client):
                assert client.post(address, fields).status_code < 500, name
                assert client.get(address, query).status_code < 500, name


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_a51_odd_values_half_way_through_signing_in_are_never_a_server_error(cast: Cast, value: str) -> None:
    client = half_sign_in(cast.user)
    for name in ("sign-in-factor", "sign-in-set-password", "factor-choose", "factor-app", "reset-password", "forgot-password", "language"):
        with undone(client):
            assert client.post(reverse(name), {field: [value, value] for field in FIELDS}).status_code < 500, name
