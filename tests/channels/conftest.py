from tests.backend.conftest import scene  # noqa: F401
from tests.stages import first_stage, prepared, stage  # noqa: F401 - fixtures, found by name
