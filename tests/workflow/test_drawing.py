"""What staff read about the workflows is what the program does."""

import pkgutil
from importlib import import_module

import backend
from backend.workflow import Workflow
from tests.workflow.test_tables import WORKFLOWS as TESTED
from tools.draw_workflows import FILE, draw
from tools.draw_workflows import WORKFLOWS as DRAWN


def test_the_diagrams_in_the_documentation_are_those_of_the_program() -> None:
    assert FILE.read_text() == draw(), "run: python -m tools.draw_workflows"


def test_no_workflow_of_the_program_is_left_out_of_the_documentation_or_the_tests() -> None:
    there = {
        found.name
        for module in pkgutil.walk_packages(backend.__path__, "backend.")
        if ".migrations." not in module.name
        for found in vars(import_module(module.name)).values()
        if isinstance(found, Workflow)
    }
    assert there == {one.name for one in DRAWN} == {one.name for one, _ in TESTED}
