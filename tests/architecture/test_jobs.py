"""Every job that is asked for is known, and tells its request's id on."""

import ast
import inspect

import pytest
from procrastinate.contrib.django import app

from core import jobs
from tests.architecture.tree import APPS, shop_modules

pytestmark = pytest.mark.req("BASE-05")


def registered() -> dict[str, object]:
    return {
        name: task for name, task in app.tasks.items() if name.split(".", 1)[0] in [*APPS, "core"]
    }


def asked_for() -> dict[str, str]:
    """Return each name handed to `jobs.enqueue`, and where."""
    found = {}
    for path, tree in shop_modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("enqueue"):
                assert isinstance(node.args[0], ast.Constant), f"{path}: name the job in words"
                found[node.args[0].value] = path
    return found


def test_every_job_asked_for_is_registered():
    unknown = {name: path for name, path in asked_for().items() if name not in registered()}

    assert unknown == {}


def test_every_registered_job_is_asked_for_or_scheduled():
    scheduled = {entry[0] for entry in app.periodic_registry.periodic_tasks}

    assert set(registered()) - scheduled - set(asked_for()) == set()


def test_every_job_takes_the_id_of_its_request():
    scheduled = {entry[0] for entry in app.periodic_registry.periodic_tasks}  # no request's
    without = [
        name
        for name, task in registered().items()
        if name not in scheduled and "request_id" not in inspect.signature(task.func).parameters
    ]

    assert without == []


def test_jobs_are_queued_through_the_kernel():
    found = [
        path
        for path, tree in shop_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"defer", "defer_async", "configure_task"}
        and path != "core/jobs.py"
    ]

    assert found == []
    assert jobs.enqueue.__doc__
