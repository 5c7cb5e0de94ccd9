"""What each layer may do, beyond what the import contracts can see."""

import ast
import re

import pytest

from tests.architecture.tree import (
    APPS,
    ROOT,
    docstrings,
    functions,
    imported,
    in_layer,
    modules,
    shop_modules,
)

pytestmark = pytest.mark.req("BASE-04")

NETWORK = {"requests", "httpx", "urllib.request", "http.client", "smtplib", "socket", "stripe"}
WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "delete",
    "save",
}


def calls(tree: ast.AST) -> list[str]:
    """Return the dotted text of everything that is called."""
    return [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_rows_are_locked_in_one_place_only():
    locking = re.compile(r"\bFOR (NO KEY )?UPDATE\b|\bFOR (KEY )?SHARE\b|\bLOCK TABLE\b")
    found = []
    for name, tree in shop_modules().items():
        strings = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        explained = docstrings(tree)
        raw = any(locking.search(text) for text in strings if text not in explained)
        if raw or any(call.endswith(".select_for_update") for call in calls(tree)):
            found.append(name)

    assert found == ["core/locks.py"]


def test_only_gateways_know_the_network():
    found = {
        name: sorted(NETWORK & set(imported(tree)))
        for name, tree in in_layer("services", "selectors", "models", "forms").items()
    }

    assert {name: libraries for name, libraries in found.items() if libraries} == {}


def test_nothing_waits_for_the_commit_outside_the_queue():
    """A job's row commits with the data; a callback after the commit can be lost.

    What the cache can lose there is a count that is a minute old.
    """
    found = [
        name
        for name, tree in shop_modules().items()
        if any(call.endswith("on_commit") for call in calls(tree))
    ]

    assert found == ["core/caching.py"]


def test_imports_stand_at_the_top():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in shop_modules().items()
        if not name.endswith("/apps.py")
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]

    assert found == []


def test_services_that_write_take_keywords_only():
    """Who acts on what must be readable where it is called."""
    found = [
        f"{name}:{function.name}"
        for name, tree in in_layer("services").items()
        for function in functions(tree)
        if "actor" in [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
        and not function.name.startswith("_")
        and function.args.args
    ]

    assert found == []


def test_services_and_selectors_say_what_they_achieve():
    found = [
        f"{name}:{function.name}"
        for name, tree in in_layer("services", "selectors").items()
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and not ast.get_docstring(function)
    ]

    assert found == []


def test_doors_do_not_write():
    found = []
    for name, tree in in_layer("views", "api", "tasks", "receivers", "pages").items():
        for call in calls(tree):
            owner, _, method = call.rpartition(".")
            if method in WRITES and ".objects" in owner:
                found.append(f"{name}: {call}")

    assert found == []


def test_services_and_selectors_are_imported_as_modules():
    found = []
    for name, tree in shop_modules().items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.ImportFrom)
                and node.module
                and _is_far_layer(node.module, name)
            ):
                # Types and constants may be named; what runs is called through its module.
                found += [
                    f"{name}: {node.module}.{alias.name}"
                    for alias in node.names
                    if not alias.name[0].isupper() and not _is_module(node.module, alias.name)
                ]

    assert found == []


def _is_far_layer(module: str, importer: str) -> bool:
    app, _, rest = module.partition(".")
    layer, _, file = rest.partition(".")
    near = importer.startswith(f"{app}/{layer}/")
    return app in APPS and layer in {"services", "selectors"} and bool(file) and not near


def _is_module(package: str, name: str) -> bool:
    return (ROOT / package.replace(".", "/") / f"{name}.py").exists()


def test_one_noun_names_a_file_in_every_layer():
    """A file of a service, selector, view or API is a noun that its app's models or tests know."""
    found = []
    for app in APPS:
        nouns: dict[str, set[str]] = {}
        for layer in ("services", "selectors", "views", "api", "forms"):
            folder = ROOT / app / layer
            nouns[layer] = {path.stem for path in folder.glob("*.py")} - {"__init__"}
        known = nouns["services"] | nouns["selectors"]
        for layer in ("views", "api", "forms"):
            # A plural and its singular would be two names for one thing.
            found += [
                f"{app}/{layer}/{noun}.py beside {other}.py"
                for noun in nouns[layer]
                for other in known
                if noun != other and noun.rstrip("s") == other.rstrip("s")
            ]

    assert found == []


def test_policy_is_loosened_nowhere_by_hand():
    loosening = {"csp_override", "csp_report_only_override", "xframe_options_exempt", "csrf_exempt"}
    found = [
        f"{name}: {node.id if isinstance(node, ast.Name) else node.attr}"
        for name, tree in shop_modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id in loosening)
        or (isinstance(node, ast.Attribute) and node.attr in {*loosening, "_csp_config"})
    ]

    assert set(found) <= {"core/http/middleware.py: _csp_config"}


def test_no_test_is_skipped():
    """What depends on the machine may say why with `skipif(…, reason=…)`; `-ra` prints it."""
    skips = re.compile(r"mark\.(skip|xfail)\b|\bimportorskip\b|\bpytest\.skip\(")
    found = [
        name
        for name, tree in modules().items()
        if name.rsplit("/", 1)[-1].startswith("test_")
        and skips.search(ast.unparse(tree))
        and name != "tests/architecture/test_layers.py"
    ]

    assert found == []
