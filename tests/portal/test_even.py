"""Answers that take one time (A03)."""

import time

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from portal import limits
from portal.web.even import even
from tests.cast import Cast

SECONDS = limits.A03_EVEN_ANSWER_MILLISECONDS / 1000


@even
def _view(request: HttpRequest, *, fault: bool = False) -> HttpResponse:
    if fault:
        raise Http404
    return HttpResponse()


def _seconds(client: Client, page: str, **fields: str) -> float:
    began = time.perf_counter()
    client.post(reverse(page), fields)
    return time.perf_counter() - began


def test_a03_no_answer_to_a_form_goes_before_its_time_faults_included() -> None:
    began = time.perf_counter()
    _view(RequestFactory().post("/"))
    assert time.perf_counter() - began >= SECONDS
    began = time.perf_counter()
    with pytest.raises(Http404):
        _view(RequestFactory().post("/"), fault=True)
    assert time.perf_counter() - began >= SECONDS


def test_a03_a_page_that_is_only_opened_waits_for_nothing() -> None:
    began = time.perf_counter()
    for _time in range(20):
        _view(RequestFactory().get("/"))
    assert time.perf_counter() - began < 20 * SECONDS


def test_a03_both_pages_of_a_forgotten_password_answer_evenly(client: Client, cast: Cast) -> None:
    for email in (cast.user.user.email, "nobody@nowhere.example"):
        assert _seconds(client, "forgot-password", email=email) >= SECONDS
        assert _seconds(client, "reset-password", email=email, code="00000000", new_password="copper lighthouse 88") >= SECONDS
