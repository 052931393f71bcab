"""SVC: the catalogue names the guide's paths and offers what the access table allows."""

import ast
from itertools import product
from pathlib import Path

import pytest
from django.urls import resolve, reverse

import services
from permissions.access import ALWAYS, TABLE, Cell
from permissions.guards import Guard, Kind
from permissions.policy import default_rights
from permissions.roles import Role
from services.catalogue import TILES, Tile, offers

GUIDE = {
    "a2c-keys": "Centre Administration > General > A2C Access Keys",
    "entries": "Examinations and Assessment > Entries",
    "entries-make": "Examinations and Assessment > Entries > Make Entries",
    "marks": "Examinations and Assessment > Internal assessment (IAMIS)",
    "arrangements": "Examinations and Assessment > Access Arrangements",
    "results": "Results > Candidate Results",
    "results-embargoed": "Results > Candidate Results > View Results under embargo",
    "grade-boundaries": "Results > Reports > Grade Boundaries",
    "item-level-data": "Results > Reports > Item Level Data",
    "scripts": "Results > View Scripts",
    "past-papers": "Resources > Past Papers & Marking Schemes",
    "key-dates": "Resources > Key dates",  # beyond the guide (SVC-9)
}


def test_svc_paths_are_the_guides() -> None:
    """Group, headings and label of every page."""
    assert {tile.url_name: " > ".join(str(label) for label in tile.path) for tile in TILES} == GUIDE


def test_svc_every_right_opens_a_page() -> None:
    """No right of the table is without a tile; tiles of a group stand together."""
    assert {tile.right for tile in TILES} == set(TABLE)
    groups = [tile.group for tile in TILES]
    assert groups == sorted(groups, key=groups.index)


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.url_name)
def test_svc_every_page_is_guarded_by_its_own_right(tile: Tile) -> None:
    """The view wears the guard of the right the catalogue names."""
    assert resolve(reverse(tile.url_name)).func.guard == Guard(Kind.NEEDS, tile.right)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("role", "tile"), list(product(Role, TILES)), ids=str)
def test_svc_what_is_offered_follows_the_matrix(role: Role, tile: Tile) -> None:
    """By default: open what is given by default, on request what can be asked for, nothing that never is."""
    offered = {offer.tile: offer.is_open for offer in offers(role, default_rights(role))}
    expected = {Cell.DEFAULT: True, Cell.ON_REQUEST: False, Cell.NEVER: None}[TABLE[tile.right][role]]
    assert offered.get(tile) is expected


@pytest.mark.parametrize("role", list(Role))
def test_svc_with_the_least_rights_only_resources_are_open(role: Role) -> None:
    """What was taken from an Admin becomes "on request"."""
    assert {offer.tile.right for offer in offers(role, ALWAYS) if offer.is_open} == ALWAYS


def test_siblings_never_import_each_other() -> None:
    """Each service can be replaced or switched off alone."""
    root = Path(services.__file__).parent
    siblings = {folder.name for folder in root.iterdir() if (folder / "apps.py").exists()} - {"exams", "files", "releases"}  # shared ground
    for name in siblings:
        for file in (root / name).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                for module in modules:
                    parts = module.split(".")
                    assert parts[0] != "services" or len(parts) < 2 or parts[1] not in siblings - {name}, file
