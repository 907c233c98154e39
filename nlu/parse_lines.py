"""Utterances in, one JSON object a line out: what ``registrar parse`` prints."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from nlu.interpreter import Interpreter

LEAST = 0.005  # what is less likely is not told


def parse_lines(interpreter: Interpreter, lines: Iterable[str]) -> Iterator[str]:
    """One JSON object for each line, empty ones too, so that the two can be laid side by side.

    ``{"text", "intent", "confidence", "ranking": [[intent, probability], …], "entities": […]}``; the
    ranking has whatever is not all but excluded.
    """
    for line in lines:
        text = line.rstrip("\r\n")
        parse = interpreter.parse(text)
        yield json.dumps(
            {
                "text": text,
                "intent": parse.intent,
                "confidence": round(parse.confidence, 4),
                "ranking": [
                    [intent, round(score, 4)]
                    for intent, score in parse.ranking
                    if score >= LEAST or intent == parse.ranking[0][0]
                ],
                "entities": [asdict(entity) for entity in parse.entities],
            },
            ensure_ascii=False,
        )
