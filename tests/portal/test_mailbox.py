"""The demonstration's mailbox: what was sent, as it was sent; elsewhere neither kept nor shown."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import Settings

from portal.outbox import relay
from portal.outbox.models import Channel, DemoCopy, Message
from portal.outbox.samples import kinds, samples
from tests.portal.letters import letter, write_templates

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Client:
    """A browser in a demonstration."""
    write_templates(tmp_path, settings)
    for module in ("portal.urls", "portal.web.context"):  # as they are outside a demonstration, whichever test comes first
        import_module(module)
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.portal.mailbox_urls"
    return Client()


def test_everything_sent_is_shown_newest_first_with_its_text(demo: Client) -> None:
    letter(context={"name": "First <b>"}, to="first@glan.example")
    relay.sweep()
    letter(context={"name": "Second"}, channel="sms", to="+447700900123")
    relay.sweep()
    answer = demo.get(reverse("mailbox"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.index("+447700900123") < page.index("first@glan.example")
    assert "First &lt;b&gt;" in page
    assert "First <b>" not in page
    assert page.count("<pre") == 2
    assert not Message.objects.exclude(secret="").exists()


def test_the_html_part_is_shown_in_a_sandbox_without_scripts(demo: Client) -> None:
    letter()
    relay.sweep()
    answer = demo.get(reverse("mailbox-html", args=[DemoCopy.objects.get().pk]))
    assert "hush-hush" in answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert demo.get(reverse("mailbox-html", args=[10**9])).status_code == 404


def test_an_empty_mailbox_says_so_and_nothing_can_be_posted(demo: Client) -> None:
    assert demo.get(reverse("mailbox")).status_code == 200
    assert demo.post(reverse("mailbox")).status_code == 405


def test_the_gallery_shows_every_kind_in_both_languages(demo: Client) -> None:
    page = demo.get(reverse("mailbox-gallery")).content.decode()
    for sample in samples():
        for language in sample.languages:
            assert escape(sample.letter(language).subject or sample.letter(language).text) in page
    links = re.findall(r'href="(/mailbox/gallery/[^"]+)"', page)
    assert len(links) > 2 * len(kinds(Channel.EMAIL))
    answer = demo.get(next(link for link in links if "/invite/1/both-cy/" in link))
    assert "kq7m-w3fh-x9rp-c4td" in answer.content.decode()
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["invite/9/both-cy", "invite/1/fr", "nothing/1/en", "number_replaced/1/en"])
def test_what_is_not_in_the_gallery(demo: Client, path: str) -> None:
    assert demo.get(f"/mailbox/gallery/{path}/").status_code == 404


def test_outside_a_demonstration_nothing_is_kept_and_the_address_does_not_exist(settings: Settings, tmp_path: Path) -> None:
    write_templates(tmp_path, settings)
    letter()
    relay.sweep()
    assert not DemoCopy.objects.exists()
    assert Client().get("/mailbox/").status_code == 404
    assert Client().get("/mailbox/gallery/").status_code == 404
