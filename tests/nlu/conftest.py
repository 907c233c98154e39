from datetime import date
from pathlib import Path

import pytest

from bot.prepare import MODEL, prepare_model
from nlu.embedded import EmbeddedInterpreter
from nlu.entities.extractor import EntityExtractor
from nlu.intents.model import LinearModel
from tests.stages import CACHE

COURSES = {
    "00015": "英语（二）",
    "00012": "英语（一）",
    "03708": "中国近现代史纲要",
    "03709": "马克思主义基本原理概论",
    "00058": "市场营销学",
}


@pytest.fixture(scope="session")
def extractor() -> EntityExtractor:
    return EntityExtractor(
        units=["软件研究所", "计算技术研究所", "化学研究所", "校部各院系"],
        majors=["行政管理(专升本)", "金融学(专升本)"],
        courses=COURSES,
        today=lambda: date(2026, 3, 2),
    )


@pytest.fixture(scope="session")
def cache() -> Path:
    """The checkout's own, in which the model is as the examples and the code are now."""
    prepare_model(CACHE / MODEL, lambda _: None)
    return CACHE / MODEL


@pytest.fixture(scope="session")
def model(cache: Path) -> LinearModel:
    return LinearModel.load(cache)


@pytest.fixture(scope="session")
def interpreter(cache: Path, extractor: EntityExtractor) -> EmbeddedInterpreter:
    return EmbeddedInterpreter.load(cache, extractor)
