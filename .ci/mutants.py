"""Break the rules on purpose, one small change at a time, and see whether a test notices (mutation testing with cosmic-ray). `make mutants`.

Works on two copies of the tree, never on the tree itself. Fails when fewer than 90 of 100 changes are noticed, or when one that nobody
noticed is not explained in docs/mutants.md. `python .ci/mutants.py NAME...` tries only the modules whose path holds a name.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TOOL: Final = ROOT / ".venv-mutants" / "bin" / "cosmic-ray"
PYTHON: Final = ROOT / ".venv" / "bin" / "python"
PAGE: Final = ROOT / "docs" / "mutants.md"
RESULTS: Final = ROOT / "var" / "mutants.json"
COPIES: Final = 2
FLOORS: Final = ("portal", "permissions", "accounts", "services", "tests")
ENOUGH: Final = 0.9
_SECONDS_A_TEST: Final = 60
_TYPE: Final = re.compile(r"(->|\w:) [\w\[\], .|]*$")
_SAME: Final = " OR ".join(f"operator_name LIKE '%ComparisonOperator_{pair}'" for pair in ("Is_Eq", "Eq_Is", "IsNot_NotEq", "NotEq_IsNot"))
_EXPLAINED: Final = re.compile(r"^\| `([^`]+)` \| `(.+?)` \| `(.*?)` \| (.+) \|$", re.MULTILINE)

_PYTEST: Final = f"{PYTHON} -m pytest -q -x -p pytest_django.plugin --nomigrations --no-header -m 'not services and not browser'"
_EDGES: Final = f"{_PYTEST} --noconftest tests/attacks/test_rules.py"
RULES: Final = {
    "portal/limits.py": f"{PYTHON} .ci/limits_page.py --check",  # what tests/portal/test_limits_page.py asks, without its start
    "permissions/policy.py": f"{_EDGES} tests/permissions/test_policy.py",
    "portal/ratelimit/allow.py": f"{_PYTEST} tests/attacks/test_counters.py tests/portal/test_ratelimit.py",
    "permissions/access.py": f"{_PYTEST} tests/permissions/test_access_table.py tests/permissions/test_policy.py",
    "accounts/canonical.py": f"{_EDGES} tests/accounts/test_canonical.py -k 'not database and not whatever'",
    "accounts/codes/rules.py": _EDGES,
    "accounts/factors/rules.py": _EDGES,
    "accounts/factors/totp/rules.py": _EDGES,
    "accounts/factors/recovery/rules.py": _EDGES,
    "accounts/passwords/rules.py": f"{_PYTEST} tests/attacks/test_rules_passwords.py tests/accounts/passwords/test_rules.py",
    "accounts/passwords/temporary.py": _EDGES,
    "accounts/signin/paths.py": _EDGES,
    "accounts/invites/rules.py": _EDGES,
    "accounts/freeze/rules.py": _EDGES,
    "accounts/factors/passkey/rules.py": f"{_EDGES} tests/accounts/factors/passkey/test_rules.py",
    "accounts/people/mfa_rules.py": f"{_EDGES} tests/accounts/people/test_reset_mfa.py -k every_pair",
    "accounts/signin/guesses.py": f"{_PYTEST} tests/attacks/test_guess_limits.py -k 'p6 or p11 or p12'",
    "accounts/factors/guesses.py": f"{_PYTEST} tests/attacks/test_guess_limits.py -k p13",
}
"""Each module of rules with the tests that shall notice, those of the room alone: a small change must be seen nearby, and soon."""


@dataclass(frozen=True)
class Mutant:
    """One change of one line, and whether a test noticed it."""

    module: str
    before: str
    after: str
    noticed: bool

    @property
    def row(self) -> str:
        """How docs/mutants.md names it."""
        return f"| `{self.module}` | `{_cell(self.before)}` | `{_cell(self.after)}` |"


def try_module(copy: Path, module: str) -> list[Mutant]:
    """Try every change of a module in a copy of the tree. Raises `SystemExit` when the tests fail without any."""
    command = RULES[module]
    found = subprocess.run(command, shell=True, cwd=copy, env=_environment(copy), capture_output=True, text=True, check=False)  # noqa: S602
    if found.returncode:
        raise SystemExit(f"{module}: its tests fail without any change\n{found.stdout[-2000:]}")
    config, session = copy / "var" / "mutants.toml", copy / "var" / "mutants.sqlite"
    session.unlink(missing_ok=True)
    config.write_text(
        f'[cosmic-ray]\nmodule-path = "{module}"\ntimeout = {_SECONDS_A_TEST}.0\nexcluded-modules = []\n'
        f'test-command = """{command}"""\n[cosmic-ray.distributor]\nname = "local"\n'
    )
    subprocess.run([TOOL, "init", config, session], cwd=copy, env=_environment(copy), check=True, capture_output=True)  # noqa: S603
    _leave_out_what_proves_nothing(session, (copy / module).read_text().splitlines())
    subprocess.run([TOOL, "exec", config, session], cwd=copy, env=_environment(copy), check=True, capture_output=True)  # noqa: S603
    dump = subprocess.run([TOOL, "dump", session], cwd=copy, env=_environment(copy), check=True, capture_output=True, text=True)  # noqa: S603
    return list(_mutants(module, dump.stdout))


def _mutants(module: str, dump: str) -> Iterator[Mutant]:
    for line in dump.splitlines():
        _job, result = json.loads(line)
        changed = [text for text in (result["diff"] or "").splitlines() if text[:1] in "+-" and text[:3] not in ("+++", "---")]
        before = " ".join(text[1:].strip() for text in changed if text.startswith("-"))
        after = " ".join(text[1:].strip() for text in changed if text.startswith("+"))
        yield Mutant(module, before, after, noticed=result["test_outcome"] != "survived")


def _leave_out_what_proves_nothing(session: Path, lines: list[str]) -> None:
    """Drop changes that say nothing of the tests.

    The "or" between two types, and the bare star in the head of a function: Python itself refuses another sign, or callers do not care.
    "is" for "==" and back: the same for members of an enum, None and small numbers, which is all that these modules compare so.
    """
    with closing(sqlite3.connect(session)) as connection, connection:
        for table in ("work_items", "mutation_specs"):
            connection.execute(f"DELETE FROM {table} WHERE job_id IN (SELECT job_id FROM mutation_specs WHERE {_SAME})")  # noqa: S608
        rows = connection.execute(
            "SELECT job_id, start_pos_row, start_pos_col FROM mutation_specs WHERE operator_name LIKE '%BitOr%' OR operator_name LIKE '%Mul%'"
        ).fetchall()
        for job, row, column in rows:
            if _TYPE.search(lines[row - 1][:column]) or lines[row - 1].lstrip().startswith("def "):
                for table in ("mutation_specs", "work_items"):
                    connection.execute(f"DELETE FROM {table} WHERE job_id = ?", (job,))  # noqa: S608


def _copies(folder: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    found = []
    for number in range(COPIES):
        copy = folder / f"tree{number}"
        for name in [*listed, *(str(path.relative_to(ROOT)) for path in ROOT.glob("locale/*/LC_MESSAGES/*.mo"))]:
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy / name)
        (copy / "var").mkdir(exist_ok=True)
        # Compiled once, and checked by content: a change within the same second and of the same length must not run as the old text.
        compiling: list[str | Path] = [PYTHON, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", *FLOORS]
        subprocess.run(compiling, cwd=copy, check=True)  # noqa: S603
        found.append(copy)
    return found


def _environment(copy: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(copy / "var" / "hypothesis"),
    }


def _cell(text: str) -> str:
    return text.replace("|", "¦").replace("`", "'")


def main() -> int:
    """Try, print and write what was found; returns 1 when too much went unnoticed or unexplained."""
    modules = [module for module in RULES if not sys.argv[1:] or any(name in module for name in sys.argv[1:])]
    begun, found = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(COPIES) as pool:
        free: SimpleQueue[Path] = SimpleQueue()
        for copy in _copies(Path(folder)):
            free.put(copy)

        def work(module: str) -> list[Mutant]:
            copy = free.get()
            try:
                return try_module(copy, module)
            finally:
                free.put(copy)

        for module, mutants in zip(modules, pool.map(work, modules), strict=True):
            noticed = sum(mutant.noticed for mutant in mutants)
            sys.stdout.write(f"{module:<40} {noticed:>4} of {len(mutants):>4} noticed\n")
            sys.stdout.flush()
            found += mutants
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([vars(mutant) for mutant in found], indent=1))
    explained = {match.group(0).rpartition(" | ")[0] + " |" for match in _EXPLAINED.finditer(PAGE.read_text() if PAGE.exists() else "")}
    survivors = dict.fromkeys(mutant.row for mutant in found if not mutant.noticed)
    unexplained = [row for row in survivors if row not in explained]
    share = sum(mutant.noticed for mutant in found) / max(1, len(found))
    sys.stdout.write(f"{share:.1%} of {len(found)} changes were noticed, in {time.monotonic() - begun:.0f} s; {len(survivors)} were not\n")
    for row in unexplained:
        sys.stdout.write(f"not explained in {PAGE.relative_to(ROOT)}: {row}\n")
    return int(share < ENOUGH or bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
