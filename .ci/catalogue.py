"""The Welsh catalogue: collect every translatable string of code and templates, and merge them into the .po file. Needs no gettext programs.

`python .ci/catalogue.py` merges (new strings arrive empty, gone ones leave); tests/house/test_translations.py uses `collect` to prove it complete.
"""

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
PO: Final = ROOT / "locale" / "cy" / "LC_MESSAGES" / "django.po"
FLOORS: Final = ("portal", "permissions", "accounts", "services")
PLURALS: Final = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);"
_PLAIN: Final = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL: Final = {"ngettext", "ngettext_lazy"}
_CONTEXT: Final = {"pgettext", "pgettext_lazy"}

Key = tuple[str | None, str, str | None]
"""Context, English, English plural."""


def collect() -> dict[Key, set[str]]:
    """Return every translatable string with the files it stands in."""
    found: dict[Key, set[str]] = {}
    for path, source in _sources():
        for key in _calls(source):
            found.setdefault(key, set()).add(path)
    return found


def _sources() -> Iterator[tuple[str, str]]:
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield str(path.relative_to(ROOT)), _statements(path.read_text())


def _statements(template: str) -> str:
    """Turn a template into lines of Python that hold its strings and nothing else."""
    lines = []
    text = templatize(template)
    for name in ("npgettext", "pgettext", "ngettext", "gettext", "_"):
        start = 0
        while (at := text.find(f"{name}(", start)) >= 0:
            start = at + 1
            if at and (text[at - 1].isalnum() or text[at - 1] == "_"):
                continue
            call = _whole_call(text[at:])
            if call:
                lines.append(call.replace("\n", "\\n"))
    return "\n".join(lines)


def _whole_call(text: str) -> str:
    for end in (index for index, character in enumerate(text) if character == ")"):
        candidate = text[: end + 1].replace("\n", "\\n")
        try:
            ast.parse(candidate)
        except SyntaxError:
            continue
        return candidate
    return ""


def _calls(source: str) -> Iterator[Key]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
        if name in _PLAIN and words:
            yield None, words[0], None
        elif name in _PLURAL and len(words) > 1:
            yield None, words[0], words[1]
        elif name in _CONTEXT and len(words) > 1:
            yield words[0], words[1], None


def merge() -> int:
    """Write the catalogue again with today's strings; returns how many still want Welsh."""
    old = polib.pofile(str(PO), wrapwidth=0) if PO.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid, entry.msgid_plural or None): entry for entry in old}
    new = polib.POFile(wrapwidth=0)
    new.metadata = {
        "Project-Id-Version": "Portal",
        "Language": "cy",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS,
    }
    for key in sorted(collect(), key=lambda item: (item[1], item[0] or "")):
        context, english, plural = key
        entry = known.get(key) or polib.POEntry(msgctxt=context, msgid=english, msgid_plural=plural or "")
        entry.occurrences, entry.flags = [], ["python-format"] if "%(" in english else []
        if plural and len(entry.msgstr_plural) != 6:  # noqa: PLR2004
            entry.msgstr_plural = {form: entry.msgstr_plural.get(form, "") for form in range(6)}
        new.append(entry)
    PO.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(PO))
    return len(new.untranslated_entries())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("PORTAL_ENV", "test")
    sys.path.insert(0, str(ROOT))
    settings.INSTALLED_APPS  # noqa: B018
    sys.stdout.write(f"{merge()} strings want Welsh\n")
