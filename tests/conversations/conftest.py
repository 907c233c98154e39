from tests.stages import first_stage, prepared, stage  # noqa: F401 - fixtures, found by name
