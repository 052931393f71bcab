"""Two languages from the first line: the Welsh catalogue is whole (ui.md 1.4, 1.7)."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
REFUSED = ("ebost", "ap dilysydd", "arbed", "llwytho i lawr", "nodwch", " nôl")
SAME_IN_BOTH = {"Eduqas", "IAMIS", "EDI", "UCI", "CSV", "Portal", "English", "Cymraeg"}


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / ".ci" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


catalogue = _load()
PO = polib.pofile(str(catalogue.PO))


def _forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_string_of_code_and_templates_is_in_the_catalogue() -> None:
    known = {(entry.msgctxt, entry.msgid, entry.msgid_plural or None) for entry in PO}
    missing = {key: files for key, files in catalogue.collect().items() if key not in known}
    assert not missing, f"run `make messages` and translate: {missing}"


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    used = set(catalogue.collect())
    assert not [entry.msgid for entry in PO if (entry.msgctxt, entry.msgid, entry.msgid_plural or None) not in used]


def test_every_entry_is_translated_and_certain() -> None:
    assert not [entry.msgid for entry in PO if entry.fuzzy or not all(_forms(entry))]


def test_the_plural_rule_is_the_welsh_one_with_six_forms() -> None:
    assert PO.metadata["Plural-Forms"] == catalogue.PLURALS
    assert not [entry.msgid for entry in PO if entry.msgid_plural and len(entry.msgstr_plural) != 6]


def test_placeholders_are_the_same_in_both_languages() -> None:
    pattern = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    for entry in PO:
        for form in _forms(entry):
            assert sorted(set(pattern.findall(form))) == sorted(set(pattern.findall(entry.msgid))), entry.msgid


@pytest.mark.parametrize("word", REFUSED)
def test_the_refused_twins_of_our_words_do_not_occur(word: str) -> None:
    assert not [form for entry in PO for form in _forms(entry) if re.search(rf"\b{word.strip()}\b", form, re.IGNORECASE)]


def test_no_straight_apostrophe_on_a_page() -> None:
    texts = [form for entry in PO for form in _forms(entry) if "'" in form and "%(secret)s" not in form]
    assert not texts


def test_no_ampersand_in_welsh() -> None:
    assert not [form for entry in PO for form in _forms(entry) if " & " in form]


def test_the_glossary_is_followed_in_the_contract_labels() -> None:
    from tests.story.words import WELSH

    said = {entry.msgid: entry.msgstr for entry in PO}
    assert {english: said.get(english) for english in WELSH} == WELSH
