"""MAIL-1, ui.md 4.2 and 4.3: every kind of message, in every language it is sent in, as it would leave."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Final

import pytest
from django.conf import settings

from portal.outbox.models import Channel
from portal.outbox.render import Letter
from portal.outbox.samples import Sample, kinds, samples

WIDEST: Final = 76
FAR_FROM_102_KB: Final = 20_000
ONE_TEXT: Final = 160
LINK: Final = re.compile(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Written:
    """A sample in one language."""

    sample: Sample
    language: str
    letter: Letter

    def __str__(self) -> str:
        return f"{self.sample.kind} {self.sample.number} {self.language}"


@pytest.fixture(scope="module")
def written() -> list[Written]:
    """Every sample in every language it is sent in."""
    return [Written(sample, language, sample.letter(language)) for sample in samples() for language in sample.languages]


@pytest.fixture(scope="module")
def emails(written: list[Written]) -> list[Written]:
    """The e-mails of them."""
    return [one for one in written if one.sample.channel == Channel.EMAIL]


def words(text: str) -> list[str]:
    """Return the words of a text, without marks, bullets and the numbers of a list."""
    bare = re.sub(r"^ *(-|\d\.) ", " ", text, flags=re.MULTILINE)
    return re.findall(r"[\w@:/#.?=’'-]*\w", bare)


def words_of_html(letter: Letter) -> list[str]:
    """Return the words of the HTML part: a link as its address, after its text where the other part has that too."""
    body = letter.html.partition("<main>")[2].replace("\n", " ")

    def written_out(link: re.Match[str]) -> str:
        target, text = link[1], link[2]
        if target.startswith(("mailto:", "#")) or target == text:
            return text
        return f"{text} {target}" if f"{text}:\n{target}" in letter.text else target

    spaced = re.sub(r"<(br|/?p|/?h\d|/?li|/?ul|/?ol|hr|/?div)\b[^>]*>", " ", LINK.sub(written_out, body))
    return words(unescape(re.sub(r"<[^>]+>", "", spaced)))


def test_every_kind_has_a_sample() -> None:
    """A new kind needs `samples.json` beside its templates, or the gallery and the checks here would not know it."""
    shown = {(sample.channel, sample.kind) for sample in samples()}
    assert shown == {(channel, kind) for channel in Channel for kind in kinds(channel)}


def test_every_kind_has_a_queue() -> None:
    assert {kind for channel in Channel for kind in kinds(channel)} <= set(settings.MESSAGE_QUEUES)


def test_mail1_both_parts_say_the_same_words(emails: list[Written]) -> None:
    for one in emails:
        assert words_of_html(one.letter) == words(one.letter.text), one


def test_a_plain_text_has_76_columns_and_addresses_written_out(emails: list[Written]) -> None:
    for one in emails:
        for line in one.letter.text.splitlines():
            assert len(line) <= WIDEST or " " not in line.strip(), one


def test_a_secret_stands_alone_on_its_line_and_never_in_the_subject(emails: list[Written]) -> None:
    for one in emails:
        if secret := one.sample.secret:
            assert secret in [line.strip() for line in one.letter.text.splitlines()], one
            assert f">{secret}</" in one.letter.html, one
            assert secret not in one.letter.subject, one


def test_each_names_portal_and_help_and_offers_the_other_language(emails: list[Written]) -> None:
    for one in emails:
        assert ("Porth" if one.language == "cy" else "Portal") in one.letter.subject, one
        for part in (one.letter.text, one.letter.html):
            assert {"portal@wjec.co.uk", "ithelpdesk@wjec.co.uk"} <= set(re.findall(r"[a-z]+@wjec[a-z.]+uk", part)), one
            assert re.search("English|Cymraeg|Gymraeg", part), one


def test_nothing_is_loaded_nobody_is_tracked_and_links_stay_in_the_house(emails: list[Written]) -> None:
    for one in emails:
        html = one.letter.html
        assert not re.search(r"<(img|link|script|iframe|object|form)\b|\bsrc=|url\(|@import|\son\w+=", html, re.IGNORECASE), one
        assert all(target.startswith(("http://127.0.0.1:8000/", "mailto:", "#")) for target, _text in LINK.findall(html)), one
        assert len(html.encode()) < FAR_FROM_102_KB, one


def test_the_point_comes_first(emails: list[Written]) -> None:
    """The first line is what an inbox shows; in a letter of both languages it says where the other half is."""
    for one in emails:
        lines = [line for line in one.letter.text.splitlines() if line]
        first = lines[1] if one.language.startswith("both") else lines[0]
        assert not first.startswith(("Hello", "Helo")), one


def test_no_string_was_left_in_english(emails: list[Written]) -> None:
    for sample in {id(one.sample): one.sample for one in emails if one.language == "cy"}.values():
        english, welsh = ({line for line in sample.letter(one).text.splitlines() if len(line.split()) > 3} for one in ("en", "cy"))
        centre = sample.context.get("centre", "no centre")
        assert not {line for line in english & welsh if centre not in line}, sample.kind


def test_a_text_is_one_message_long(written: list[Written]) -> None:
    texts = [one for one in written if one.sample.channel == Channel.SMS]
    assert texts
    for one in texts:
        assert one.letter.text.isascii(), one
        assert len(one.letter.text) <= ONE_TEXT, one
        assert one.sample.secret in one.letter.text, one
