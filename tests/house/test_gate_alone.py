"""No code outside services/releases reads what is under embargo without the gate: the models refuse at run time, this looks at the text."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import SET_NULL, ForeignKey, Model

from services.releases.gated import Gated, GatedQuerySet, UngatedRead, kept
from services.resources.models import Resource

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("portal", "permissions", "accounts", "services")
TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text())
    for floor in FLOORS
    for path in (ROOT / floor).rglob("*.py")
    if "migrations" not in path.parts
}
ISSUERS = {
    "services/publishing/issuing.py", "services/reports/importing/marks.py",
    "services/scripts/publishing.py", "services/resources/publishing.py",
    "services/scripts/admin.py", "services/resources/admin.py",
}  # fmt: skip
"""The deeds that issue what is gated: they compare with what there is and show nothing; and the lists of staff who publish it, without files."""
OPEN = {"Candidate", "Entry", "SeriesLevel", "Issue", "Release", "ReleaseChange", "ResultsImport", "ReportIssue", "ReportFile"}
"""What speaks of a series and is not under embargo: who and what is entered, and the times themselves and counts, which only staff see."""


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("services.")]


def _places(name: str) -> set[str]:
    """Return the files in which an attribute or a name stands."""
    return {
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == name) or (isinstance(node, ast.Name) and node.id == name)
    }


def test_everything_of_a_series_is_gated_or_named_as_open() -> None:
    of_series = {model for model in _models() if any(field.name in {"series", "candidate"} for field in model._meta.get_fields())}
    assert {model.__name__ for model in of_series if not issubclass(model, Gated)} == OPEN
    assert [model.__name__ for model in of_series if issubclass(model, Gated)]


def test_resources_are_read_through_their_own_gate_or_not_at_all(db: None) -> None:
    """Their instants are their own, not those of a release: the same query refuses what did not pass."""
    for rows in (Resource.objects.all(), Resource._base_manager.all()):
        assert isinstance(rows, GatedQuerySet)
        for read in (rows.count, rows.exists, lambda rows=rows: list(rows), lambda rows=rows: list(rows.values("title_en"))):
            with pytest.raises(UngatedRead):
                read()
    assert all(field.remote_field.hidden for field in Resource._meta.get_fields() if isinstance(field, ForeignKey))


def test_gated_models_have_one_manager_and_no_way_back() -> None:
    for model in (model for model in _models() if issubclass(model, Gated)):
        for manager in (model._default_manager, model._base_manager, *model._meta.managers):
            assert isinstance(manager.all(), GatedQuerySet), model
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                assert field.remote_field.hidden, field
        assert model.artefact
        assert not model.of_a_centre or "centre" in {field.name for field in model._meta.get_fields()}


def test_no_open_model_leads_to_a_gated_one() -> None:
    """Neither by a relation of its own nor by Django's name for hidden relations ("+__grade")."""
    for model in (model for model in _models() if not issubclass(model, Gated)):
        kinds = [field.related_model for field in model._meta.get_fields() if field.concrete and field.is_relation]
        assert not [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Gated)], model
    written = {
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and str(node.value).startswith("+_")
    }
    assert not written


def test_what_gated_rows_stand_on_is_kept_by_them() -> None:
    """Django's own PROTECT would read them past the gate, and CASCADE would delete what is never deleted."""
    for model in (model for model in _models() if issubclass(model, Gated) or model is Resource):
        ways = {field.remote_field.on_delete for field in model._meta.concrete_fields if field.remote_field}
        assert ways <= {kept, SET_NULL}, model


def test_only_the_deeds_that_issue_go_behind_the_gate() -> None:
    assert _places("behind_the_gate") == ISSUERS
    # The command that encrypts anew touches models with encrypted fields only.
    assert _places("_base_manager") | _places("_raw_delete") == {"portal/web/management/commands/encrypt_anew.py"}
    assert _places("GatedQuery") | _places("passed") == {"services/releases/gated.py"}


def test_release_times_are_read_by_the_gate_and_its_admin_only() -> None:
    assert {path for path in _places("Release") | _places("ReleaseChange") if not path.startswith("services/releases/")} == set()


def test_a_look_under_embargo_is_made_in_one_place() -> None:
    """`looking` asks for the right, the notice and the clock; elsewhere a look is only ever narrowed to what is released."""
    made = {
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Look") and "RELEASED" not in ast.unparse(node)
    }
    assert made == {"services/releases/looking.py"}
    tables = {model._meta.db_table for model in _models() if issubclass(model, Gated)}
    written = {path for path, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in tables}
    assert not written, "a table under embargo is named in a statement of its own"


def test_only_demonstrations_make_files_themselves() -> None:
    """A130: whoever writes a document has nothing to scan; no form, command or import may come by that way."""
    made = {
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Document"
    }
    assert made == {"services/scripts/demo.py", "services/resources/demo.py"}
