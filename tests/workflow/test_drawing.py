"""What staff read about the workflows is what the program does."""

from tools.draw_workflows import FILE, draw


def test_the_diagrams_in_the_documentation_are_those_of_the_program() -> None:
    assert FILE.read_text() == draw(), "run: python -m tools.draw_workflows"
