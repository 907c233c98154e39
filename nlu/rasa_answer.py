"""What Rasa's server answers, taken for nothing but what it can be shown to be."""

import json
from collections.abc import Collection
from math import isfinite
from typing import Any

from nlu.interpreter import Entity, Parse

FALLBACK = "nlu_fallback"  # what Rasa's FallbackClassifier calls words it is not sure of


class BadAnswer(Exception):
    """Not what ``/model/parse`` answers, or in names that nobody here knows."""


class Unsure(Exception):
    """The server has understood that it does not understand."""


def read_parse(body: bytes, text: str, intents: Collection[str]) -> Parse:
    """The meaning that Rasa gives ``text``; raises BadAnswer or Unsure."""
    try:
        answer = json.loads(body)
        if answer["intent"]["name"] == FALLBACK:
            raise Unsure
        ranking = tuple((_name(one, intents), _share(one)) for one in answer["intent_ranking"])
        entities = tuple(_entity(one, len(text)) for one in answer["entities"])
        best, confidence = ranking[0]
        if answer["intent"]["name"] != best:
            raise BadAnswer("the first of the ranking is another intent")
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise BadAnswer(type(error).__name__) from None  # what is in it is personal
    return Parse(best, confidence, ranking, entities)


def merged(ours: tuple[Entity, ...], theirs: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Each place once and each value once: two extractors find the same, and ours knows the registry."""
    kept = list(ours)
    for one in theirs:
        apart = all(one.end <= other.start or other.end <= one.start for other in kept)
        known = any((one.entity, one.value) == (other.entity, other.value) for other in kept)
        if apart and not known:
            kept.append(one)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _name(ranked: dict[str, Any], intents: Collection[str]) -> str:
    name = ranked["name"]
    if not isinstance(name, str) or name not in intents:
        raise BadAnswer("an unknown intent")
    return name


def _share(ranked: dict[str, Any]) -> float:
    share = ranked["confidence"]
    if isinstance(share, bool) or not isinstance(share, int | float) or not isfinite(share):
        raise BadAnswer("a confidence that is no number")
    if not -1e-6 <= share <= 1 + 1e-6:
        raise BadAnswer("a confidence that is no probability")
    return min(max(float(share), 0.0), 1.0)


def _entity(found: dict[str, Any], length: int) -> Entity:
    entity, value, start, end = (found[key] for key in ("entity", "value", "start", "end"))
    if not (isinstance(entity, str) and isinstance(value, str)):
        raise BadAnswer("an entity without name or value")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length):
        raise BadAnswer("an entity outside the words")
    return Entity(entity, value, start, end)
