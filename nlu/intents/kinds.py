"""What is named stands for its kind: a question about one course is the same about any other.

Examples can name only a few of all courses, places and days there are. So the model reads a sign
for the kind in the place of what the entity grammar found, in training as in use. Signs are private
characters, which no normalized text holds otherwise.
"""

import re

from nlu.entities.extractor import EntityExtractor
from nlu.training_data import ANNOTATED_ON

SPELLED = {
    "course": "某门课程",
    "major": "某专业",
    "unit": "某研究所",
    "province": "某省",
    "origin_place": "某省某市某区",
    "date": "某天",
    "year_month": "某天",
    "order_number": "某订单号",
    "application_number": "某申请号",
    "exam_ticket": "某准考证号",
    "phone": "某手机号",
    "credential_type=cet": "六级证书",
    "credential_type=pets": "PETS证书",
    "credential_type=diploma": "毕业证书",
    "credential_type=registration_record": "备案表",
    "credential_type=authentication_report": "认证报告",
    "credential_type=other": "某证书",
}
"""The kinds, as sentence vectors read them. Which certificate it is tells our business from others'
(CET is somebody else's exam); a day is as good as a month. Choices, such as a language, are few
enough to be learnt as they are, and a reason tells what it is a reason for."""

_SAID = re.compile(r"\w")  # no sign is one
_WORDS = tuple(dict.fromkeys(SPELLED.values()))
SIGNS = {kind: chr(0xE000 + _WORDS.index(words)) for kind, words in SPELLED.items()}
_SPELLING = {ord(sign): SPELLED[kind] for kind, sign in SIGNS.items()}


def learning() -> EntityExtractor:
    """What reads the examples: it knows no registry's lists, and today is one day for all."""
    return EntityExtractor(today=lambda: ANNOTATED_ON)


def with_signs(words: str, extractor: EntityExtractor) -> str:
    """Normalized words with the sign of its kind for each value found in them; a name and nothing
    else, which may answer any question, stays as it is."""
    parts: list[str] = []
    at = 0
    for found in extractor.extract(words):
        sign = SIGNS.get(found.entity) or SIGNS.get(f"{found.entity}={found.value}")
        if sign and found.start >= at:
            parts += [words[at : found.start], sign]
            at = found.end
    read = "".join([*parts, words[at:]])
    return read if _SAID.search(read) else words


def spelled(words: str) -> str:
    """Words with signs as a sentence of words alone."""
    return words.translate(_SPELLING)
