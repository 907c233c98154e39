"""Options and fixtures that all tests may ask for."""

import pytest

pytest_plugins = ["tests.databases", "tests.stages"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the assistant's lines anew")
